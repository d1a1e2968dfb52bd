package dev.beamline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.catalog.Tuple;
import dev.beamline.deploy.backfill.Backfill;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.files.FileRows;
import dev.beamline.io.files.FilesSource;
import dev.beamline.pipeline.run.ProjectSources;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill would read and write.
 *
 * @param windows that have rows
 * @param grid windows that start in the range, with rows or without; -1: only the data tell
 * @param rowsRead records of the sources that are rows
 * @param rowsInRange of these, the rows whose event time is in the windows' stretch
 * @param bytesRead of the sources' files, as they are stored
 * @param rowsWritten rows of the result
 */
record BackfillEstimate(
    Backfill backfill,
    long windows,
    long grid,
    Map<String, Long> rowsRead,
    long rowsInRange,
    long bytesRead,
    long rowsWritten) {

  static BackfillEstimate of(
      CompiledProject compiled, Backfill backfill, Map<String, String> inputs) throws IOException {
    Map<String, Path> paths = new LinkedHashMap<>();
    inputs.forEach((source, path) -> paths.put(source, Path.of(path)));
    SampleRows samples = new SampleRows(compiled.project(), paths);
    Map<String, Long> read = new LinkedHashMap<>();
    Set<String> timed = new TreeSet<>();
    long[] inRange = {0};
    long end =
        backfill.range().to() + Math.max(0, backfill.grid().size() - backfill.grid().period());
    SourceRows counted =
        scan -> {
          List<Tuple> rows = new ArrayList<>();
          samples.rows(scan).forEach(rows::add);
          read.put(scan.source(), (long) rows.size());
          if (scan.eventTime() >= 0 && timed.add(scan.source())) {
            for (Tuple row : rows) {
              if (row.get(scan.eventTime()) instanceof Long time
                  && time >= backfill.range().from()
                  && time < end) {
                inRange[0]++;
              }
            }
          }
          return rows;
        };
    QueryPlan plan = backfill.plan();
    List<Tuple> rows = new LocalExecutor(counted, (row, error) -> {}).run(plan.plan());
    Set<List<@Nullable Object>> windows = new HashSet<>();
    QueryPlan.ResultWindow window = plan.window();
    if (window != null) {
      for (Tuple row : rows) {
        windows.add(java.util.Arrays.asList(row.get(window.start()), row.get(window.end())));
      }
    }
    long bytes = 0;
    for (String source : Plans.sources(plan.plan())) {
      bytes += bytes(compiled.project(), source, inputs.get(source));
    }
    return new BackfillEstimate(
        backfill, windows.size(), backfill.windows(), read, inRange[0], bytes, rows.size());
  }

  private static long bytes(Project project, String name, @Nullable String input)
      throws IOException {
    Source source = project.sources().get(name);
    if (source == null) {
      return 0;
    }
    Problems problems = new Problems();
    Optional<FilesSource> files = ProjectSources.files(project, source, input, true, problems);
    problems.throwIfErrors();
    return files.isEmpty() ? 0 : FileRows.bytes(files.get());
  }

  /** For people. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("Backfill of " + backfill.plan().name() + ", not run:");
    lines.add("  from     " + Instants.ofMicros(backfill.range().from()));
    lines.add("  to       " + Instants.ofMicros(backfill.range().to()));
    lines.add(
        "  windows  "
            + number(windows)
            + (grid < 0 ? "" : " with rows, of " + number(grid) + " that start in the range"));
    rowsRead.forEach(
        (source, rows) -> lines.add("  read     " + number(rows) + " rows of " + source));
    lines.add("  in range " + number(rowsInRange) + " rows");
    lines.add("  bytes    " + number(bytesRead));
    lines.add("  write    " + number(rowsWritten) + " rows");
    return lines;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** For machines, one line. */
  String json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("query", backfill.plan().name());
    node.put("from", Instants.ofMicros(backfill.range().from()).toString());
    node.put("to", Instants.ofMicros(backfill.range().to()).toString());
    node.put("windows", windows);
    if (grid >= 0) {
      node.put("windows_of_range", grid);
    }
    ObjectNode read = node.putObject("rows_read");
    rowsRead.forEach(read::put);
    node.put("rows_in_range", rowsInRange);
    node.put("bytes", bytesRead);
    node.put("rows_to_write", rowsWritten);
    return node.toString();
  }
}
