package dev.beamline.cli;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.local.FirstEvents;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.files.FileRows;
import dev.beamline.io.files.FilesSource;
import dev.beamline.pipeline.run.ProjectSources;
import dev.beamline.plan.Plan;
import dev.beamline.project.Located;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.project.Source.Deduplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a project's sources as they are on this machine: its files, or the sample of a
 * stream. Records that do not fit the source's columns are left out and counted; copies are dropped
 * where the source says so.
 */
final class SampleRows implements SourceRows {

  private final Project project;
  private final Map<String, String> inputs;
  private final boolean samples;
  private final Map<String, Long> refused = new HashMap<>();

  SampleRows(Project project, Map<String, Path> inputs) {
    this(project, absolute(inputs), true);
  }

  /**
   * @param inputs absolute paths, of this machine or of an object store, read instead of a source
   * @param samples whether samples stand for sources that have files of their own
   */
  SampleRows(Project project, Map<String, String> inputs, boolean samples) {
    this.project = project;
    this.inputs = inputs;
    this.samples = samples;
  }

  private static Map<String, String> absolute(Map<String, Path> inputs) {
    Map<String, String> paths = new HashMap<>();
    inputs.forEach(
        (source, path) -> paths.put(source, path.toAbsolutePath().normalize().toString()));
    return paths;
  }

  /** How many records of each source were left out, by the last reading. */
  Map<String, Long> refused() {
    return refused;
  }

  @Override
  public Iterable<Tuple> rows(Plan.Scan scan) {
    Source source = project.sources().get(scan.source());
    if (source == null) {
      throw new IllegalStateException("no source " + scan.source());
    }
    try {
      return rows(source, scan.schema());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many rows a source has. */
  long count(String name) throws IOException {
    Source source = project.sources().get(name);
    return source == null ? 0 : rows(source, Schema.of()).size();
  }

  private List<Tuple> rows(Source source, Schema wanted) throws IOException {
    FilesSource files = files(source);
    Deduplication deduplicate = source.deduplicate();
    String eventTime = files.eventTime();
    List<Column> columns = new ArrayList<>(wanted.columns());
    if (deduplicate != null && eventTime != null) {
      // Copies are told by columns that the statement may not read.
      for (Located<String> name : deduplicate.by()) {
        addMissing(columns, name.value(), files.columns());
      }
      addMissing(columns, eventTime, files.columns());
    }
    Schema read = new Schema(columns);
    long[] bad = {0};
    List<Tuple> rows = FileRows.all(files, read, error -> bad[0]++);
    refused.put(source.name(), bad[0]);
    if (deduplicate == null || eventTime == null) {
      return rows;
    }
    return FirstEvents.of(
        rows,
        deduplicate.by().stream().mapToInt(name -> read.indexOf(name.value())).toArray(),
        read.indexOf(eventTime),
        deduplicate.within(),
        wanted.size());
  }

  private static void addMissing(List<Column> columns, String name, Schema declared) {
    boolean there = columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(name));
    if (!there) {
      columns.add(declared.column(declared.indexOf(name)));
    }
  }

  private FilesSource files(Source source) {
    Problems problems = new Problems();
    return ProjectSources.files(project, source, inputs.get(source.name()), samples, problems)
        .orElseThrow(() -> new InvalidProjectException(problems.sorted()));
  }
}
