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
import java.util.ArrayList;
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
    check(40, 64);
  }

  @Test
  @Tag("slow")
  void manyQueries() throws IOException {
    check(1000, 1400);
  }

  private void check(int from, int to) throws IOException {
    int ran = 0;
    for (int seed = from; seed < to; seed++) {
      NestedQueries random = new NestedQueries(seed);
      List<Tuple> events = random.events(12);
      String sql = seed % 2 == 0 ? random.windowed() : random.query();
      boolean streaming = seed % 4 == 0;
      List<QueryPlan> plans = new ArrayList<>();
      NestedFieldsFuzzTest.compile("q", sql, streaming, new Problems()).ifPresent(plans::add);
      if (plans.isEmpty()) {
        continue;
      }
      ran++;
      String what = "seed " + seed + ": " + sql;
      if (streaming) {
        stream(events, plans.get(0), /* early= */ seed % 8 == 0, what);
      } else {
        // What another query looks at is read, too.
        NestedFieldsFuzzTest.compile("other", random.query(), streaming, new Problems())
            .ifPresent(plans::add);
        SourceProvider files = write(FORMATS.get(seed % FORMATS.size()), events);
        run(events, plans, Windowing.DEFAULT, files, what);
      }
    }
    assertTrue(ran > (to - from) * 8 / 10, ran + " queries ran");
  }

  private static void stream(List<Tuple> events, QueryPlan plan, boolean early, String what) {
    Windowing windowing =
        early && !plan.key().isEmpty()
            ? windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null)
            : windowing(Duration.ZERO, null, null);
    MemorySource source = MemorySource.of("events", NestedQueries.EVENTS, script(events).end());
    run(events, List.of(plan), windowing, source, what);
  }

  private static void run(
      List<Tuple> events,
      List<QueryPlan> plans,
      Windowing windowing,
      SourceProvider source,
      String what) {
    List<QueryJob> jobs = plans.stream().map(plan -> TestPlans.job(plan, windowing)).toList();
    Runs run;
    try {
      run = Runs.of(jobs, /* checks= */ false, source);
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
    for (QueryJob job : jobs) {
      QueryPlan plan = job.plan();
      assertEquals(List.of(), run.sinks.errors(job.name()), what);
      List<Tuple> rows =
          windowing.trigger().early() != null
              ? run.table(job)
              : run.sinks.changes(job.name()).stream()
                  .map(c -> Tuple.of(Arrays.copyOf(c.row().values(), plan.schema().size())))
                  .toList();
      List<Tuple> expected =
          SqlQueries.expected(plan.plan(), NestedQueries.EVENTS, Map.of("events", events));
      assertEquals(
          SqlQueries.times(expected), SqlQueries.times(rows), what + " (" + job.name() + ")");
    }
  }

  /** In three parts, with time for panes. */
  private static Script script(List<Tuple> events) {
    Script script = new Script(NestedQueries.EVENTS, 0);
    for (int i = 0; i < 3; i++) {
      List<Tuple> part = events.subList(i * events.size() / 3, (i + 1) * events.size() / 3);
      script.rows(part.toArray(Tuple[]::new)).clock(Duration.ofSeconds(10));
    }
    return script;
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
