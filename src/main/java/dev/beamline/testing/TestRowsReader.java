package dev.beamline.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.files.FileRows;
import dev.beamline.io.files.FilesSource;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RecordReaders;
import dev.beamline.io.format.RowShape;
import dev.beamline.project.Format;
import dev.beamline.project.Hints;
import dev.beamline.project.Project;
import dev.beamline.project.TestRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the rows of tests. Everything that is wrong with them is reported at its place. */
final class TestRowsReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Project project;
  private final Problems problems;

  TestRowsReader(Project project, Problems problems) {
    this.project = project;
    this.problems = problems;
  }

  /**
   * Rows that arrive at a source: all of its columns, NULL where a row leaves one out.
   *
   * @param feed the source
   */
  List<Tuple> input(QuerySimulation.Feed feed, TestRows rows) {
    Schema columns = optional(feed.columns());
    List<Tuple> read = new ArrayList<>();
    for (ExpectedRow row : rows(rows, columns, "the source \"" + feed.source().name() + "\"")) {
      if (feed.eventTime() >= 0 && !feed.table() && row.values().get(feed.eventTime()) == null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.TEST_INVALID,
                row.place(),
                "the row has no " + columns.name(feed.eventTime()) + ", which is its event time",
                "such as " + columns.name(feed.eventTime()) + ": \"2026-01-01T00:05:00Z\""));
        continue;
      }
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      row.values().forEach((column, value) -> values[column] = value);
      read.add(Tuple.of(values));
    }
    return read;
  }

  /** Rows of a result that a test expects. */
  List<ExpectedRow> expected(String query, Schema schema, TestRows rows) {
    return rows(rows, optional(schema), "the query \"" + query + "\"");
  }

  /** What a row of a test leaves out is NULL, whatever the contract of real records says. */
  private static Schema optional(Schema schema) {
    return new Schema(
        schema.columns().stream().map(column -> Column.of(column.name(), column.type())).toList());
  }

  private List<ExpectedRow> rows(TestRows rows, Schema schema, String owner) {
    if (rows instanceof TestRows.Inline inline) {
      return inline.rows().stream().map(row -> row(row, schema, owner)).toList();
    } else if (rows instanceof TestRows.Csv csv) {
      byte[] bytes = csv.text().getBytes(StandardCharsets.UTF_8);
      return csv(bytes, schema, owner, csv.place(), "the CSV");
    }
    TestRows.File file = (TestRows.File) rows;
    try {
      return file(file, schema, owner);
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.FILE_NOT_READABLE,
              file.path().place(),
              "the file \"" + file.path().value() + "\" cannot be read: " + e.getMessage()));
      return List.of();
    }
  }

  private ExpectedRow row(TestRows.Row row, Schema schema, String owner) {
    Map<Integer, @Nullable Object> values = new HashMap<>();
    row.values()
        .forEach(
            (name, value) -> {
              int column = schema.indexOf(name);
              if (column < 0) {
                unknown(name, schema, owner, value.key());
                return;
              }
              try {
                values.put(column, RowValues.of(schema.type(column), value.value()));
              } catch (DecodeException e) {
                problems.add(
                    Diagnostic.error(
                        DiagnosticCode.TEST_INVALID,
                        value.place(),
                        reason(e),
                        schema.name(column) + " is " + schema.type(column).sql()));
              }
            });
    return new ExpectedRow(values, row.place());
  }

  private static String reason(DecodeException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^column value: ", "");
  }

  private void unknown(String name, Schema schema, String owner, Place place) {
    problems.add(
        Diagnostic.error(
            DiagnosticCode.UNKNOWN_COLUMN,
            place,
            owner + " has no column \"" + name + "\"",
            Hints.of(name, schema.names())));
  }

  private List<ExpectedRow> csv(
      byte[] bytes, Schema schema, String owner, Place place, String what) {
    RowShape shape = RowShape.all(schema);
    try (InputStream in = new ByteArrayInputStream(bytes)) {
      List<String> header = RecordReaders.csvHeader(in, CsvOptions.DEFAULT, shape).names();
      List<Integer> columns = new ArrayList<>();
      for (String name : header) {
        int column = schema.indexOf(name.trim());
        if (column < 0) {
          unknown(name.trim(), schema, owner, place);
        } else {
          columns.add(column);
        }
      }
      return read(
          RecordReaders.whole(
              new ByteArrayInputStream(bytes), FileFormat.CSV, CsvOptions.DEFAULT, shape),
          columns,
          place,
          what);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<ExpectedRow> read(
      RecordReader records, List<Integer> columns, Place place, String what) throws IOException {
    List<ExpectedRow> rows = new ArrayList<>();
    try (records) {
      while (records.next()) {
        Tuple row = records.row();
        if (row == null) {
          problems.add(
              Diagnostic.error(
                  DiagnosticCode.TEST_INVALID,
                  place,
                  what
                      + ", line "
                      + records.line()
                      + ": "
                      + Objects.requireNonNull(records.bad()).message()));
          continue;
        }
        rows.add(new ExpectedRow(pick(row, columns), line(place, records.line())));
      }
    }
    return rows;
  }

  private static Map<Integer, @Nullable Object> pick(Tuple row, List<Integer> columns) {
    Map<Integer, @Nullable Object> values = new HashMap<>();
    columns.forEach(column -> values.put(column, row.get(column)));
    return values;
  }

  /** A line of a text in YAML, which begins below the place. */
  private static Place line(Place place, long line) {
    return line <= 0 ? place : new Place(place.file(), place.line() + (int) line, 0, 1);
  }

  private List<ExpectedRow> file(TestRows.File file, Schema schema, String owner)
      throws IOException {
    String path = file.path().value();
    Format format = Format.ofPath(path).orElse(Format.JSON);
    Path resolved = project.resolve(path);
    if (!Files.isRegularFile(resolved)) {
      // Said where the project is read.
      return List.of();
    }
    if (format == Format.CSV && path.endsWith(".csv")) {
      return csv(Files.readAllBytes(resolved), schema, owner, file.place(), path);
    }
    FilesSource source =
        FilesSource.of(path, resolved.toString(), FileFormat.valueOf(format.name()), schema, null);
    List<Tuple> rows =
        FileRows.all(
            source,
            schema,
            error ->
                problems.add(
                    Diagnostic.error(
                        DiagnosticCode.TEST_INVALID,
                        file.path().place(),
                        error.location() + ": " + error.message())));
    List<List<Integer>> columns =
        path.endsWith(".ndjson") || path.endsWith(".jsonl") || path.endsWith(".json")
            ? fields(resolved, schema, owner, file.path().place())
            : List.of();
    List<ExpectedRow> read = new ArrayList<>();
    List<Integer> all = java.util.stream.IntStream.range(0, schema.size()).boxed().toList();
    for (int i = 0; i < rows.size(); i++) {
      read.add(
          new ExpectedRow(
              pick(rows.get(i), columns.size() == rows.size() ? columns.get(i) : all),
              file.path().place()));
    }
    return read;
  }

  /** The columns that each line of a JSON file names. */
  private List<List<Integer>> fields(Path file, Schema schema, String owner, Place place)
      throws IOException {
    List<List<Integer>> all = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) {
        continue;
      }
      List<Integer> columns = new ArrayList<>();
      JsonNode object;
      try {
        object = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        // The reader of the rows has said so.
        continue;
      }
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                int column = schema.indexOf(name);
                if (column < 0) {
                  unknown(name, schema, owner, place);
                } else {
                  columns.add(column);
                }
              });
      all.add(columns);
    }
    return all;
  }
}
