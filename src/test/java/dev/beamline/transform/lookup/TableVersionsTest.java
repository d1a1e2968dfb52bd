package dev.beamline.transform.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TableVersionsTest {

  private static final Schema COLUMNS = Schema.of(Column.of("team", ScalarType.STRING));

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
        throw new IOException("no such table");
      }
      if (refused) {
        throw new IllegalArgumentException("a client's own exception");
      }
      return now;
    }
  }

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final TableVersions versions = new TableVersions(new Changing(), COLUMNS, clock::get);

  private List<Tuple> read(String team, boolean broken) {
    List<Tuple> rows = List.of(Tuple.of(team));
    Changing.now = rows;
    Changing.broken = broken;
    versions.read();
    clock.addAndGet(1000);
    return rows;
  }

  @Test
  void aRowMeetsTheVersionOfItsTime() {
    List<Tuple> blue = read("blue", false);
    read("blue", false);
    List<Tuple> red = read("red", false);
    read("lost", true);
    List<Tuple> green = read("green", false);
    assertSame(blue, versions.at(0), "before the first reading");
    assertSame(blue, versions.at(1_000_000));
    assertSame(blue, versions.at(1_001_999), "read again, and the same");
    assertSame(red, versions.at(1_002_000));
    assertSame(red, versions.at(1_003_999), "what could not be read");
    assertSame(green, versions.at(1_004_000));
    assertSame(green, versions.at(Long.MAX_VALUE));
  }

  @Test
  void aTableIsReadAgainWhateverFailedBefore() throws InterruptedException {
    List<Tuple> blue = read("blue", false);
    Changing.refused = true;
    try {
      read("lost", false);
    } finally {
      Changing.refused = false;
    }
    assertSame(blue, versions.at(Long.MAX_VALUE));
    AtomicInteger reads = new AtomicInteger();
    TableReading often =
        new TableReading() {
          @Override
          public Duration refresh() {
            return Duration.ofMillis(1);
          }

          @Override
          public List<Tuple> read(Schema columns) {
            if (reads.getAndIncrement() == 1) {
              throw new IllegalArgumentException("a client's own exception");
            }
            return List.of(Tuple.of("team" + reads.get()));
          }
        };
    try (TableVersions again = new TableVersions(often, COLUMNS, clock::get)) {
      again.start();
      long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
      while (reads.get() < 4 && System.nanoTime() < end) {
        Thread.sleep(1);
      }
      assertTrue(reads.get() >= 4, "read " + reads + " times");
    }
  }

  @Test
  void theSameRowsInAnotherOrderAreNoVersion() {
    Changing.broken = false;
    Changing.now = List.of(Tuple.of("a"), Tuple.of("b"), Tuple.of("a"));
    versions.read();
    List<Tuple> first = versions.at(Long.MAX_VALUE);
    Changing.now = List.of(Tuple.of("a"), Tuple.of("a"), Tuple.of("b"));
    clock.addAndGet(1000);
    versions.read();
    assertSame(first, versions.at(Long.MAX_VALUE));
    Changing.now = List.of(Tuple.of("a"), Tuple.of("b"), Tuple.of("b"));
    clock.addAndGet(1000);
    versions.read();
    assertSame(Changing.now, versions.at(Long.MAX_VALUE));
  }

  @Test
  void theOldestVersionsAreForgotten() {
    for (int i = 0; i <= TableVersions.MOST; i++) {
      read("team" + i, false);
    }
    assertEquals(List.of(Tuple.of("team1")), versions.at(0));
  }

  @Test
  void aTableThatCannotBeReadAtFirstIsAnError() {
    assertThrows(IllegalStateException.class, () -> read("blue", true));
  }
}
