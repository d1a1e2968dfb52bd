package dev.beamline.cli;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.files.FileRows;
import dev.beamline.io.files.FilesSource;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.FileFormat;
import dev.beamline.plan.Plan;
import dev.beamline.project.Format;
import dev.beamline.project.Located;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.project.Source.Deduplication;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.SourceTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a project's sources as they are on this machine: its files, or the sample of a
 * stream. Records that do not fit the source's columns are left out and counted; copies are dropped
 * where the source says so.
 */
final class SampleRows implements SourceRows {

  private final Project project;
  private final Map<String, Path> inputs;
  private final Map<String, Long> refused = new HashMap<>();

  SampleRows(Project project, Map<String, Path> inputs) {
    this.project = project;
    this.inputs = inputs;
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

  private List<Tuple> rows(Source source, Schema wanted) throws IOException {
    FilesSource files = files(source);
    Deduplication deduplicate = source.deduplicate();
    List<Column> columns = new ArrayList<>(wanted.columns());
    if (deduplicate != null) {
      // Copies are told by columns that the statement may not read.
      for (Located<String> name : deduplicate.by()) {
        addMissing(columns, name.value(), files.columns());
      }
      if (source.eventTime() != null) {
        addMissing(columns, source.eventTime().value(), files.columns());
      }
    }
    Schema read = new Schema(columns);
    long[] bad = {0};
    List<Tuple> rows = FileRows.all(files, read, error -> bad[0]++);
    refused.put(source.name(), bad[0]);
    if (deduplicate == null) {
      return rows;
    }
    return FirstEvents.of(
        rows,
        deduplicate.by().stream().mapToInt(name -> read.indexOf(name.value())).toArray(),
        source.eventTime() == null ? -1 : read.indexOf(source.eventTime().value()),
        deduplicate.within(),
        wanted.size());
  }

  private static void addMissing(List<Column> columns, String name, Schema declared) {
    boolean there = columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(name));
    int index = declared.indexOf(name);
    if (!there && index >= 0) {
      columns.add(declared.column(index));
    }
  }

  private FilesSource files(Source source) {
    Path input = inputs.get(source.name());
    CsvOptions csv = CsvOptions.DEFAULT;
    String path;
    Format format;
    Located<String> sample = source.sample();
    if (input != null) {
      path = input.toAbsolutePath().toString();
      format = Format.ofPath(path).orElse(Format.JSON);
    } else if (sample != null) {
      path = local(sample.value());
      format = Format.ofPath(sample.value()).orElse(Format.JSON);
    } else if (source.system() instanceof SourceSystem.Files files) {
      path = local(files.path().value());
      format = files.format();
      csv =
          new CsvOptions(
              files.csv().delimiter(), files.csv().header(), true, files.csv().nullValue());
    } else {
      throw new InvalidProjectException(
          Diagnostic.error(
              DiagnosticCode.MISSING_KEY,
              source.place(),
              "the source \""
                  + source.name()
                  + "\" is "
                  + source.system().type()
                  + " and has no sample to read",
              "add sample: data/FILE.ndjson, or give a file with --input "
                  + source.name()
                  + "=FILE"));
    }
    @Nullable Located<String> eventTime = source.eventTime();
    return new FilesSource(
        source.name(),
        List.of(path),
        FileFormat.valueOf(format.name()),
        SourceTables.schema(source),
        eventTime == null ? null : eventTime.value(),
        csv,
        source.place());
  }

  private String local(String path) {
    return Project.isRemote(path) ? path : project.resolve(path).toString();
  }
}
