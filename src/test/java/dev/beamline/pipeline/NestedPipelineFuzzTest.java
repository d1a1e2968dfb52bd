package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.files.FilesRead;
import dev.beamline.io.files.FilesSource;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RecordWriter;
import dev.beamline.io.format.RecordWriters;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Windowing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random queries over nested events give in a pipeline what the executor in memory gives. */
class NestedPipelineFuzzTest {

  private static final List<FileFormat> FORMATS =
      List.of(FileFormat.JSON, FileFormat.AVRO, FileFormat.PARQUET);

  @TempDir Path folder;

  @Test
  void fewQueries() throws IOException {
    check(0, 24);
  }

  @Test
  @Tag("slow")
  void manyQueries() throws IOException {
    check(1000, 1400);
  }

  private void check(int from, int to) throws IOException {
    int seeds = to - from;
    for (int seed = from; seed < to; seed++) {
      seeds -= check(seed) ? 0 : 1;
    }
    assertTrue(seeds > (to - from) * 8 / 10, seeds + " queries ran");
  }

  /** Whether there was a query. */
  private boolean check(int seed) throws IOException {
    NestedQueries random = new NestedQueries(seed);
    List<Tuple> events = random.events(12);
    String sql = seed % 2 == 0 ? random.windowed() : random.query();
    boolean streaming = seed % 4 == 0;
    QueryPlan plan = NestedFieldsFuzzTest.compile(sql, streaming, new Problems()).orElse(null);
    if (plan == null) {
      return false;
    }
    SourceProvider source =
        streaming
            ? MemorySource.of(
                "events",
                NestedQueries.EVENTS,
                new Script(NestedQueries.EVENTS, 0).rows(events.toArray(Tuple[]::new)).end())
            : write(FORMATS.get(seed % FORMATS.size()), events);
    QueryJob job =
        TestPlans.job(plan, streaming ? windowing(Duration.ZERO, null, null) : Windowing.DEFAULT);
    String what = "seed " + seed + ": " + sql;
    Runs run;
    try {
      run = Runs.of(List.of(job), /* checks= */ false, source);
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
    assertEquals(List.of(), run.sinks.errors(job.name()), what);
    List<Tuple> rows =
        SqlQueries.sorted(
            run.sinks.changes(job.name()).stream()
                .map(c -> Tuple.of(Arrays.copyOf(c.row().values(), plan.schema().size())))
                .toList());
    assertEquals(
        SqlQueries.expected(plan.plan(), NestedQueries.EVENTS, Map.of("events", events)),
        rows,
        what);
    return true;
  }

  private SourceProvider write(FileFormat format, List<Tuple> rows) throws IOException {
    Path file = folder.resolve("events." + format);
    try (OutputStream out = Files.newOutputStream(file);
        RecordWriter writer = RecordWriters.open(format, NestedQueries.EVENTS, out)) {
      for (Tuple row : rows) {
        writer.write(row);
      }
    }
    return new FilesRead(
        FilesSource.of("events", file.toString(), format, NestedQueries.EVENTS, "ts"));
  }
}
