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
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
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
        .reader(null, () -> nanos, false);
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

  @Test
  void aFileThatAppearsLaterDoesNotMoveTheOthers() throws Exception {
    line("b.ndjson", 1);
    line("c.ndjson", 2);
    FilesStreamSource split =
        source(folder.resolve("*.ndjson").toString())
            .split(1, PipelineOptionsFactory.create())
            .get(0);
    line("a.ndjson", 0);
    FilesStreamSource.Mark one = new FilesStreamSource.Mark(1, Long.MIN_VALUE, null);
    assertEquals(List.of(2L), now(split.reader(one, () -> nanos, false), true));
    assertEquals(List.of(1L, 2L), now(split.reader(null, () -> nanos, false), true));
  }

  @Test
  void endsWithACheckpointThatHasWhatCameOfTheLastRows() throws Exception {
    line("a.ndjson", 1);
    FilesStreamReader reader =
        source(folder.resolve("a.ndjson").toString()).reader(null, () -> nanos, true);
    assertEquals(List.of(1L), now(reader, true));
    assertTrue(reader.getWatermark().isAfter(at("23:59:59")), "all windows close");
    assertTrue(reader.getWatermark().isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE));
    // One that may have been begun before anybody heard of it.
    reader.getCheckpointMark().finalizeCheckpoint();
    assertFalse(reader.advance());
    assertTrue(reader.getWatermark().isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE));
    seconds(1.1);
    assertFalse(reader.advance());
    CheckpointMark has = reader.getCheckpointMark();
    assertFalse(reader.advance());
    assertTrue(reader.getWatermark().isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE));
    has.finalizeCheckpoint();
    assertFalse(reader.advance());
    assertEquals(BoundedWindow.TIMESTAMP_MAX_VALUE, reader.getWatermark());
  }

  private void line(String file, int number) throws IOException {
    Files.writeString(
        folder.resolve(file), "{\"n\":" + number + ",\"at\":\"2026-01-01T00:00:00Z\"}\n");
  }

  private static FilesStreamSource source(String path) {
    return new FilesStreamSource(
        FilesSource.of("events", path, FileFormat.JSON, SCHEMA, "at"),
        RowShape.ofScan(SCHEMA, 1, SCHEMA),
        SCHEMA,
        1,
        StreamPace.unlimited(Duration.ofSeconds(30)),
        "test-" + UUID.randomUUID());
  }
}
