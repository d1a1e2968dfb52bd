package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RowShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a sample is replayed, by a clock that the test moves. */
final class StreamPaceTest {

  private static final Schema SCHEMA =
      Schema.of(Column.of("n", ScalarType.INT64), Column.of("at", ScalarType.TIMESTAMP));

  @TempDir Path folder;

  private long nanos = 7;

  private FilesStreamReader reader(double speed, @Nullable Duration idle, String... times)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < times.length; i++) {
      text.append("{\"n\":").append(i).append(",\"at\":\"2026-01-01T").append(times[i]);
      text.append("Z\"}\n");
    }
    Path file = Files.writeString(folder.resolve("a.ndjson"), text);
    return new FilesStreamSource(
            FilesSource.of("events", file.toString(), FileFormat.JSON, SCHEMA, "at"),
            RowShape.ofScan(SCHEMA, 1, SCHEMA),
            SCHEMA,
            1,
            new StreamPace(Duration.ofSeconds(30), 0, speed, 1000, idle),
            "test-" + UUID.randomUUID())
        .reader(null, () -> nanos);
  }

  private void seconds(double by) {
    nanos += (long) (by * TimeUnit.SECONDS.toNanos(1));
  }

  /** The numbers of the records that are there now. */
  private static List<Long> now(FilesStreamReader reader, boolean first) throws IOException {
    List<Long> numbers = new ArrayList<>();
    boolean more = first ? reader.start() : reader.advance();
    while (more) {
      reader.getCurrent().rows().forEach(row -> numbers.add((Long) row.get(0)));
      more = reader.advance();
    }
    return numbers;
  }

  private static Instant at(String time) {
    return Instant.parse("2026-01-01T" + time + "Z");
  }

  @Test
  void anHourOfTheSampleTakesAMinuteAtSixtyTimesTheSpeed() throws IOException {
    FilesStreamReader reader =
        reader(60, null, "00:00:00", "00:00:00", "00:10:00", "00:09:50", "00:30:00", "01:00:00");
    assertEquals(List.of(0L, 1L), now(reader, true));
    seconds(9.9);
    assertEquals(List.of(), now(reader, false));
    seconds(0.1);
    // What is out of order comes with what was before it in the file.
    assertEquals(List.of(2L, 3L), now(reader, false));
    assertEquals(at("00:09:30"), reader.getWatermark());
    seconds(19.9);
    assertEquals(List.of(), now(reader, false));
    assertEquals(at("00:09:30"), reader.getWatermark());
    seconds(0.2);
    assertEquals(List.of(4L), now(reader, false));
    seconds(29.8);
    assertEquals(List.of(), now(reader, false));
    seconds(0.2);
    assertEquals(List.of(5L), now(reader, false));
    assertFalse(reader.advance());
    assertTrue(reader.getWatermark().isAfter(at("23:00:00")));
    reader.close();
  }

  @Test
  void withoutASpeedAllComesAtOnce() throws IOException {
    FilesStreamReader reader = reader(0, Duration.ofMinutes(1), "00:00:00", "12:00:00");
    assertEquals(List.of(0L, 1L), now(reader, true));
    reader.close();
  }

  @Test
  void theWatermarkOfAnIdleSourceFollowsThePlayedTime() throws IOException {
    FilesStreamReader reader = reader(60, Duration.ofMinutes(5), "00:00:00", "01:00:00");
    assertEquals(List.of(0L), now(reader, true));
    assertEquals(at("00:00:00").minus(30_000), reader.getWatermark());
    seconds(4.9);
    assertEquals(List.of(), now(reader, false));
    assertEquals(at("00:00:00").minus(30_000), reader.getWatermark());
    seconds(5.1);
    assertEquals(List.of(), now(reader, false));
    assertEquals(at("00:09:30"), reader.getWatermark());
    // Never past the record that is to come.
    seconds(3600);
    assertEquals(at("00:59:30"), reader.getWatermark());
    assertEquals(List.of(1L), now(reader, false));
    reader.close();
  }
}
