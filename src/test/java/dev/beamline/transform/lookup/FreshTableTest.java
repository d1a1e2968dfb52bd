package dev.beamline.transform.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FreshTableTest {

  private static final Schema COLUMNS =
      Schema.of(Column.of("team", ScalarType.STRING), Column.of("user", ScalarType.STRING));

  private static final Plan.Scan SCAN = new Plan.Scan("players", COLUMNS, -1, true, null);

  /** A table whose rows tests change; tests run in one thread. */
  private static final class Changing implements TableReading {
    private static final long serialVersionUID = 1L;

    private static List<Tuple> now = List.of();
    private static boolean broken;
    private static boolean refused;

    @Override
    public Duration refresh() {
      return Duration.ofMinutes(5);
    }

    @Override
    public List<Tuple> read(Schema columns) throws IOException {
      if (broken) {
        throw new IOException("no such file");
      }
      if (refused) {
        throw new IllegalArgumentException("a client's own exception");
      }
      return now;
    }
  }

  private final AtomicLong nanos = new AtomicLong();

  private FreshTable.Rows open() {
    Changing.broken = false;
    Changing.refused = false;
    Changing.now = List.of(Tuple.of("blue", "sky"));
    return open(Plans.select(SCAN, List.of(1, 0)));
  }

  private FreshTable.Rows open(Plan plan) {
    return new FreshTable(Map.of("players", new Changing()), plan).open(nanos::get);
  }

  private void minutes(long minutes) {
    nanos.addAndGet(Duration.ofMinutes(minutes).toNanos());
  }

  @Test
  void readsAgainWhatHasGrownOld() {
    FreshTable.Rows rows = open();
    List<Tuple> first = rows.newest();
    assertEquals(List.of(Tuple.of("sky", "blue")), first);
    Changing.now = List.of(Tuple.of("red", "sky"));
    minutes(4);
    assertSame(first, rows.newest());
    minutes(1);
    assertEquals(List.of(Tuple.of("sky", "red")), rows.newest());
  }

  @Test
  void keepsWhatItHasWhereItCannotRead() {
    FreshTable.Rows rows = open();
    List<Tuple> first = rows.newest();
    Changing.broken = true;
    minutes(6);
    assertEquals(first, rows.newest());
    Changing.broken = false;
    Changing.now = List.of(Tuple.of("red", "sky"));
    minutes(5);
    assertEquals(List.of(Tuple.of("sky", "red")), rows.newest());
  }

  @Test
  void keepsWhatItHasWhateverFails() {
    FreshTable.Rows rows = open();
    List<Tuple> first = rows.newest();
    Changing.refused = true;
    minutes(6);
    assertEquals(first, rows.newest());
    Changing.refused = false;
    Changing.now = List.of(Tuple.of("red", "sky"));
    minutes(5);
    assertEquals(List.of(Tuple.of("sky", "red")), rows.newest());
  }

  @Test
  void failsWhereItNeverCouldRead() {
    FreshTable.Rows rows = open();
    Changing.broken = true;
    assertThrows(IllegalStateException.class, rows::newest);
  }

  @Test
  void groupsAgainWhatWasReadAgain() {
    open();
    AggregateCall count =
        new AggregateCall(
            "COUNT",
            List.of(),
            false,
            null,
            List.of(),
            null,
            AggregateCall.Nulls.DEFAULT,
            ScalarType.INT64,
            Place.ofFile("q.sql"));
    FreshTable.Rows rows =
        open(
            new Plan.Aggregate(
                SCAN,
                List.of(0),
                List.of(List.of(0)),
                List.of(count),
                Schema.of(Column.of("team", ScalarType.STRING), Column.of("n", ScalarType.INT64))));
    assertEquals(List.of(Tuple.of("blue", 1L)), rows.newest());
    Changing.now = List.of(Tuple.of("blue", "sky"), Tuple.of("blue", "fox"));
    minutes(4);
    assertEquals(List.of(Tuple.of("blue", 1L)), rows.newest());
    minutes(1);
    assertEquals(List.of(Tuple.of("blue", 2L)), rows.newest());
  }
}
