package dev.beamline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.catalog.Tuple;
import dev.beamline.deploy.backfill.Backfill;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.TableRange;
import dev.beamline.io.files.FileRows;
import dev.beamline.io.files.FilesSource;
import dev.beamline.pipeline.run.ArchiveSize;
import dev.beamline.pipeline.run.ProjectSources;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill would read and write.
 *
 * @param windows that have rows; -1: only the run tells
 * @param grid windows that start in the range, with rows or without; -1: only the data tell
 * @param rowsRead records of the sources that are rows
 * @param rowsInRange of these, the rows whose event time is in the windows' stretch
 * @param bytesRead of the sources' files, as they are stored, and of the columns of tables
 * @param rowsWritten rows of the result; -1: only the run tells
 */
record BackfillEstimate(
    Backfill backfill,
    long windows,
    long grid,
    Map<String, Long> rowsRead,
    long rowsInRange,
    long bytesRead,
    long rowsWritten) {

  private static final long UNKNOWN = -1;

  static BackfillEstimate of(
      BackfillInputs archive, Target target, CompiledProject compiled, Backfill backfill)
      throws IOException {
    TableRange range = backfill.range();
    TableRange time =
        new TableRange(
            range.column(),
            range.from(),
            range.to() + Math.max(0, backfill.grid().size() - backfill.grid().period()));
    Set<String> sources = Plans.sources(backfill.plan().plan());
    if (sources.stream().anyMatch(name -> inService(archive, target, name))) {
      return asked(archive, target, backfill, time, sources);
    }
    boolean here = target.common().warehouse() != null;
    SampleRows samples = new SampleRows(archive.project(), archive.paths(), here);
    Map<String, Long> read = new LinkedHashMap<>();
    Set<String> timed = new TreeSet<>();
    long[] inRange = {0};
    SourceRows counted =
        scan -> {
          List<Tuple> rows = new ArrayList<>();
          samples.rows(scan).forEach(rows::add);
          read.put(scan.source(), (long) rows.size());
          if (scan.eventTime() >= 0 && timed.add(scan.source())) {
            inRange[0] += within(rows, scan.eventTime(), time);
          }
          return rows;
        };
    QueryPlan plan = backfill.plan();
    List<Tuple> rows = new LocalExecutor(counted, (row, error) -> {}).run(plan.plan());
    Set<List<@Nullable Object>> windows = new HashSet<>();
    QueryPlan.ResultWindow window = plan.window();
    if (window != null) {
      for (Tuple row : rows) {
        windows.add(Arrays.asList(row.get(window.start()), row.get(window.end())));
      }
    }
    long bytes = 0;
    for (String source : sources) {
      bytes += bytes(archive, source, here);
    }
    return new BackfillEstimate(
        backfill, windows.size(), backfill.windows(), read, inRange[0], bytes, rows.size());
  }

  private static long within(List<Tuple> rows, int eventTime, TableRange range) {
    return rows.stream()
        .filter(
            row ->
                row.get(eventTime) instanceof Long time
                    && time >= range.from()
                    && time < range.to())
        .count();
  }

  /** Whether a source is in BigQuery, where counting is left to the service. */
  private static boolean inService(BackfillInputs archive, Target target, String name) {
    Source source = archive.project().sources().get(name);
    return source != null
        && !archive.paths().containsKey(name)
        && source.system() instanceof SourceSystem.BigQuery
        && (target.common().warehouse() == null || source.sample() == null);
  }

  /** What BigQuery tells without the query being run. */
  private static BackfillEstimate asked(
      BackfillInputs archive,
      Target target,
      Backfill backfill,
      TableRange time,
      Set<String> sources)
      throws IOException {
    Map<String, Set<String>> columns = new TreeMap<>();
    columns(backfill.plan().plan(), columns);
    boolean here = target.common().warehouse() != null;
    SampleRows samples = new SampleRows(archive.project(), archive.paths(), here);
    Map<String, Long> read = new LinkedHashMap<>();
    long inRange = 0;
    long bytes = 0;
    for (String name : sources) {
      Source source = archive.project().sources().get(name);
      if (source != null
          && inService(archive, target, name)
          && source.system() instanceof SourceSystem.BigQuery table) {
        ArchiveSize size =
            ArchiveSize.of(target, source, table, columns.getOrDefault(name, Set.of()), time);
        read.put(name, size.rows());
        inRange += Math.max(0, size.inRange());
        bytes += size.bytes();
      } else {
        read.put(name, samples.count(name));
        bytes += bytes(archive, name, here);
      }
    }
    return new BackfillEstimate(
        backfill, UNKNOWN, backfill.windows(), read, inRange, bytes, UNKNOWN);
  }

  private static void columns(Plan plan, Map<String, Set<String>> found) {
    if (plan instanceof Plan.Scan scan) {
      found.computeIfAbsent(scan.source(), name -> new TreeSet<>()).addAll(scan.schema().names());
    }
    plan.inputs().forEach(input -> columns(input, found));
  }

  private static long bytes(BackfillInputs archive, String name, boolean here) throws IOException {
    Source source = archive.project().sources().get(name);
    if (source == null) {
      return 0;
    }
    Problems problems = new Problems();
    Optional<FilesSource> files =
        ProjectSources.files(archive.project(), source, archive.paths().get(name), here, problems);
    problems.throwIfErrors();
    return files.isEmpty() ? 0 : FileRows.bytes(files.get());
  }

  /** For people. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("Backfill of " + backfill.plan().name() + ", not run:");
    lines.add("  from     " + Instants.ofMicros(backfill.range().from()));
    lines.add("  to       " + Instants.ofMicros(backfill.range().to()));
    if (windows != UNKNOWN) {
      lines.add(
          "  windows  "
              + number(windows)
              + (grid < 0 ? "" : " with rows, of " + number(grid) + " that start in the range"));
    } else if (grid >= 0) {
      lines.add("  windows  " + number(grid) + " that start in the range");
    }
    rowsRead.forEach(
        (source, rows) -> lines.add("  read     " + number(rows) + " rows of " + source));
    lines.add("  in range " + number(rowsInRange) + " rows");
    lines.add("  bytes    " + number(bytesRead));
    lines.add(
        "  write    "
            + (rowsWritten == UNKNOWN
                ? "as many rows as BigQuery's rows give: only the run tells"
                : number(rowsWritten) + " rows"));
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
    if (windows != UNKNOWN) {
      node.put("windows", windows);
    }
    if (grid >= 0) {
      node.put("windows_of_range", grid);
    }
    ObjectNode read = node.putObject("rows_read");
    rowsRead.forEach(read::put);
    node.put("rows_in_range", rowsInRange);
    node.put("bytes", bytesRead);
    if (rowsWritten != UNKNOWN) {
      node.put("rows_to_write", rowsWritten);
    }
    return node.toString();
  }
}
