package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.FileFormat;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesStreamTest {

  private static final Schema SCHEMA =
      Schema.of(Column.of("n", ScalarType.INT64), Column.of("at", ScalarType.TIMESTAMP));
  private static final TupleTag<ErrorRecord> ERRORS = new TupleTag<>("errors") {};

  private static final ConcurrentLinkedQueue<String> PANES = new ConcurrentLinkedQueue<>();
  private static final ConcurrentLinkedQueue<String> REFUSED = new ConcurrentLinkedQueue<>();
  private static final ConcurrentLinkedQueue<String> ROWS = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;

  @BeforeEach
  void clear() {
    PANES.clear();
    REFUSED.clear();
    ROWS.clear();
  }

  private static final class Note<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;
    private final boolean errors;

    Note(boolean errors) {
      this.errors = errors;
    }

    @ProcessElement
    public void process(@Element T element) {
      if (errors) {
        REFUSED.add(((ErrorRecord) element).input());
      } else {
        ROWS.add(element.toString());
      }
    }
  }

  private static final class NotePane extends DoFn<KV<Integer, Long>, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<Integer, Long> count, BoundedWindow window, PaneInfo pane) {
      PANES.add(
          ((IntervalWindow) window).start().getMillis()
              + " "
              + count.getValue()
              + " "
              + pane.getTiming());
    }
  }

  private void run(FilesSource source, StreamPace pace) {
    run(source, pace, SCHEMA, 1);
  }

  private void run(FilesSource source, StreamPace pace, Schema read, int eventTime) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=3").create());
    PCollectionTuple result =
        new FilesStream(source, pace, "test-" + UUID.randomUUID())
            .read(
                PBegin.in(pipeline),
                new ScanRequest(
                    read,
                    eventTime,
                    new CollectStage(),
                    List.of(CollectStage.ROWS, CollectStage.COUNTS),
                    ERRORS));
    PCollection<KV<String, Long>> rows =
        result.get(CollectStage.ROWS).setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    assertEquals(PCollection.IsBounded.UNBOUNDED, rows.isBounded());
    result.get(CollectStage.COUNTS).setCoder(VarLongCoder.of());
    result
        .get(ERRORS)
        .setCoder(SerializableCoder.of(ErrorRecord.class))
        .apply("Errors", ParDo.of(new Note<>(true)));
    rows.apply("Rows", ParDo.of(new Note<>(false)));
    rows.apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
        .apply(MapElements.into(TypeDescriptors.integers()).via(r -> 1))
        .apply(Count.perElement())
        .apply("Panes", ParDo.of(new NotePane()));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void dropsNothingThatIsWithinTheOutOfOrderness() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Long, Long> expected = new TreeMap<>();
    List<String> expectedRows = new ArrayList<>();
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int file = 0; file < 3; file++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 400; i++) {
        Instant at = start.plusMillis((file * 400L + i) * 1000L - random.nextInt(20_000));
        text.append("{\"n\":").append(i).append(",\"at\":\"").append(at).append("\"}\n");
        expected.merge(Math.floorDiv(at.toEpochMilli(), 60_000L) * 60_000L, 1L, Long::sum);
        long micros = at.toEpochMilli() * 1000;
        expectedRows.add(KV.of(Tuple.of((long) i, micros).toString(), micros).toString());
      }
      Files.writeString(folder.resolve(file + ".ndjson"), text + "bad" + file + "\n");
    }
    FilesSource source =
        FilesSource.of("events", folder + "/*.ndjson", FileFormat.JSON, SCHEMA, "at");
    run(source, new StreamPace(Duration.ofSeconds(20), 0, 0, 37));
    assertEquals(expectedRows.stream().sorted().toList(), ROWS.stream().sorted().toList());
    Map<Long, Long> actual = new TreeMap<>();
    int index = 0;
    for (String pane : PANES) {
      String[] parts = pane.split(" ");
      assertEquals("ON_TIME", parts[2]);
      actual.merge(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long::sum);
      index++;
    }
    assertEquals(expected, actual, "seed " + seed);
    assertEquals(expected.size(), index);
    assertEquals(List.of("bad0", "bad1", "bad2"), REFUSED.stream().sorted().toList());
  }

  @Test
  void keepsThePace() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      text.append("{\"n\":1,\"at\":\"2026-01-01T00:00:").append(10 + i).append("Z\"}\n");
    }
    Path file = Files.writeString(folder.resolve("a.ndjson"), text);
    FilesSource source = FilesSource.of("events", file.toString(), FileFormat.JSON, SCHEMA, "at");
    for (StreamPace pace :
        List.of(
            new StreamPace(Duration.ZERO, 20, 0, 1000),
            new StreamPace(Duration.ZERO, 0, 20, 1000))) {
      long began = System.nanoTime();
      run(source, pace);
      double seconds = (System.nanoTime() - began) / 1e9;
      assertTrue(seconds >= 1.4, pace + " took " + seconds + " s");
      assertEquals(30, ROWS.size());
      ROWS.clear();
    }
  }

  @Test
  void keepsThePaceWhereNobodyReadsTheEventTime() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.ndjson"),
            "{\"n\":1,\"at\":\"2026-01-01T00:00:10Z\"}\n{\"n\":2,\"at\":\"2026-01-01T00:00:30Z\"}\n");
    FilesSource source = FilesSource.of("events", file.toString(), FileFormat.JSON, SCHEMA, "at");
    long began = System.nanoTime();
    run(
        source,
        new StreamPace(Duration.ZERO, 0, 20, 1000),
        Schema.of(Column.of("n", ScalarType.INT64)),
        -1);
    assertTrue(System.nanoTime() - began >= 1_000_000_000L);
    assertEquals(2, ROWS.size());
    assertTrue(
        ROWS.stream().allMatch(row -> row.contains("[1]") || row.contains("[2]")), "" + ROWS);
  }
}
