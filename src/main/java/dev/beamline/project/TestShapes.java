package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.TestRows.Row;
import dev.beamline.project.TestRows.Value;
import dev.beamline.project.TestStep.Expect;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlList;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of tests, before they meet their query. */
final class TestShapes {

  private TestShapes() {}

  /** A file. */
  record File(Located<String> query, List<Case> tests) {}

  /** A test. */
  record Case(
      Located<String> name,
      @Nullable String description,
      @Nullable YamlNode windowing,
      Map<String, ParameterValue> parameters,
      List<TestStep> steps,
      @Nullable Located<Long> lateDropped) {}

  private static final Key<String> CSV =
      Key.of("csv", Shapes.anyText(), "Rows as CSV; the first line names the columns.");
  private static final Key<Located<String>> FILE =
      Key.of("file", Shapes.path(), "A file of rows inside the project: .ndjson, .csv, .parquet.");
  private static final ObjectShape<TestRows> OTHER_ROWS =
      new ObjectShape<>(
          "rows as text or file",
          "Rows as CSV or in a file.",
          List.of(CSV, FILE),
          TestShapes::other);
  private static final Shape<TestRows> ROWS =
      Shapes.custom(
          TestShapes::rows,
          self -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("type", "object");
            row.put(
                "description",
                "A row: COLUMN: VALUE. What it leaves out is NULL, or not compared.");
            Map<String, Object> list = new LinkedHashMap<>();
            list.put("type", "array");
            list.put("items", row);
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("anyOf", List.of(list, OTHER_ROWS.schema()));
            return schema;
          });

  private static final Shape<Located<Instant>> TIME =
      Shapes.custom(
          TestShapes::time,
          self -> {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "string");
            schema.put("examples", List.of("2026-01-01T00:05:00Z", "end"));
            return schema;
          });

  private static final Shape<TestStep> WATERMARK_SHAPE =
      Shapes.custom(
          TestShapes::watermark,
          self -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("type", "object");
            each.put("additionalProperties", TIME.schema());
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("anyOf", List.of(TIME.schema(), each));
            return schema;
          });

  private static final Key<Located<String>> INPUT =
      Key.of("input", Shapes.locatedText(), "The source that the rows arrive at.");
  private static final Key<TestRows> INPUT_ROWS =
      Key.of("rows", ROWS, "The rows that arrive; columns left out are NULL.");
  private static final Key<TestStep> WATERMARK =
      Key.of(
          "watermark",
          WATERMARK_SHAPE,
          "Moves the watermark of all sources, or of each by name; end: to the end of time.");
  private static final Key<Duration> PROCESSING_TIME =
      Key.of(
          "processing_time",
          Shapes.custom(TestShapes::processingTime, s -> Shapes.anyText().schema()),
          "Lets processing time go on, such as +10m.");
  private static final Key<TestRows> EXPECT =
      Key.of("expect", ROWS, "Exactly the rows emitted since the last expectation, in any order.");
  private static final Key<TestRows> EXPECT_INCLUDES =
      Key.of("expect_includes", ROWS, "At least these rows since the last expectation.");
  private static final Key<TestRows> EXPECT_TABLE =
      Key.of("expect_table", ROWS, "The table as its readers see it now.");
  private static final List<Key<?>> KINDS =
      List.of(INPUT, WATERMARK, PROCESSING_TIME, EXPECT, EXPECT_INCLUDES, EXPECT_TABLE);
  private static final ObjectShape<TestStep> STEP =
      new ObjectShape<>(
          "a step",
          "One of: input with rows, watermark, processing_time, expect, expect_includes, expect_table.",
          ObjectShape.keys(KINDS, INPUT_ROWS),
          TestShapes::step);

  private static final Key<Located<String>> NAME =
      Key.required("name", Shapes.locatedText(), "What the test shows.");
  private static final Key<String> DESCRIPTION =
      Key.of("description", Shapes.anyText(), "More about it.");
  private static final Key<YamlNode> WINDOWING =
      Key.of(
          "windowing",
          Shapes.deferred(WindowingShapes.WINDOWING),
          "What is different from the query's windowing.");
  private static final Key<Map<String, ParameterValue>> PARAMETERS =
      Key.of("parameters", ParameterShapes.PARAMETERS, "Values of @name in the SQL.");
  private static final Key<List<TestStep>> STEPS =
      Key.required("steps", Shapes.strictListOf("steps", STEP), "What happens, in order.");
  private static final Key<Located<Long>> LATE_DROPPED =
      Key.of(
          "late_dropped",
          Shapes.locatedLong(0, Long.MAX_VALUE),
          "How many rows came too late and were dropped by the end.");
  private static final ObjectShape<Case> TEST =
      new ObjectShape<>(
          "a test",
          "One test.",
          List.of(NAME, DESCRIPTION, WINDOWING, PARAMETERS, STEPS, LATE_DROPPED),
          f ->
              new Case(
                  f.need(NAME),
                  f.get(DESCRIPTION),
                  f.get(WINDOWING),
                  f.or(PARAMETERS, Map.of()),
                  f.need(STEPS),
                  f.get(LATE_DROPPED)));

  private static final Key<Located<String>> QUERY =
      Key.required("query", Shapes.locatedText(), "The query under test.");
  private static final Key<List<Case>> TESTS =
      Key.required("tests", Shapes.strictListOf("tests", TEST), "The tests.");
  static final ObjectShape<File> SHAPE =
      new ObjectShape<>(
          "a file of tests",
          "Event-time tests of one query.",
          List.of(QUERY, TESTS),
          f -> new File(f.need(QUERY), f.need(TESTS)));

  private static @Nullable TestRows rows(YamlNode node, Reading reading) {
    if (node instanceof YamlMap) {
      return OTHER_ROWS.read(node, reading);
    }
    if (!(node instanceof YamlList list)) {
      reading.wrongType(
          node, "rows", "a list of {column: value}, or {csv: ...}, or {file: path}; no rows: []");
      return null;
    }
    List<Row> rows = new ArrayList<>();
    boolean complete = true;
    for (YamlNode item : list.items()) {
      if (!(item instanceof YamlMap map)) {
        reading.wrongType(item, "a row as {column: value, ...}", null);
        complete = false;
        continue;
      }
      Map<String, Value> values = new LinkedHashMap<>();
      for (Entry entry : map.entries()) {
        values.put(
            entry.key().text(),
            new Value(entry.value().value(), entry.value().place(), entry.key().place()));
      }
      rows.add(new Row(values, map.place()));
    }
    return complete ? new TestRows.Inline(rows, node.place()) : null;
  }

  private static @Nullable TestRows other(Fields f) {
    if (f.has(CSV) == f.has(FILE)) {
      f.error(
          f.has(CSV) ? DiagnosticCode.CONFLICTING_SETTINGS : DiagnosticCode.MISSING_KEY,
          f.place(),
          "rows are a list, {csv: ...} or {file: path}",
          null);
      return null;
    }
    String csv = f.get(CSV);
    Located<String> file = f.get(FILE);
    if (csv != null) {
      return new TestRows.Csv(csv, f.placeOf(CSV));
    }
    return file == null ? null : new TestRows.File(file, f.place());
  }

  private static @Nullable Located<Instant> time(YamlNode node, Reading reading) {
    if (node instanceof YamlScalar scalar && scalar.value() instanceof String text) {
      if (text.equals("end")) {
        return new Located<>(Instant.MAX, node.place());
      }
      Optional<Instant> time = Timestamps.parse(text);
      if (time.isPresent()) {
        return new Located<>(time.get(), node.place());
      }
    }
    reading.error(
        DiagnosticCode.INVALID_VALUE,
        node.place(),
        node.describe() + " is not a timestamp",
        "such as \"2026-01-01T00:05:00Z\"");
    return null;
  }

  private static @Nullable TestStep watermark(YamlNode node, Reading reading) {
    if (!(node instanceof YamlMap map)) {
      Located<Instant> time = time(node, reading);
      return time == null ? null : new TestStep.Watermark(time, reading.owner().place());
    }
    Map<String, Located<Instant>> times = new LinkedHashMap<>();
    boolean complete = true;
    for (Entry entry : map.entries()) {
      Located<Instant> time = time(entry.value(), reading);
      if (time == null) {
        complete = false;
      } else {
        times.put(entry.key().text(), new Located<>(time.value(), entry.key().place()));
      }
    }
    return complete ? new TestStep.WatermarkOf(times, reading.owner().place()) : null;
  }

  private static @Nullable Duration processingTime(YamlNode node, Reading reading) {
    if (node instanceof YamlScalar scalar && scalar.text().startsWith("+")) {
      YamlScalar unsigned =
          new YamlScalar(scalar.text().substring(1), false, false, false, scalar.place());
      return Shapes.positiveDuration().read(unsigned, reading);
    }
    return Shapes.positiveDuration().read(node, reading);
  }

  private static @Nullable TestStep step(Fields f) {
    List<String> present = KINDS.stream().filter(f::has).map(Key::name).toList();
    if (present.size() != 1) {
      f.error(
          present.isEmpty() ? DiagnosticCode.MISSING_KEY : DiagnosticCode.CONFLICTING_SETTINGS,
          f.place(),
          present.isEmpty()
              ? "this step does nothing"
              : "a step does one thing, not " + String.join(" and ", present),
          present.isEmpty()
              ? "one of: " + String.join(", ", KINDS.stream().map(Key::name).toList())
              : "make them steps of their own");
      return null;
    }
    if (f.has(INPUT_ROWS) != f.has(INPUT)) {
      f.error(
          DiagnosticCode.MISSING_KEY,
          f.has(INPUT) ? f.placeOfKey(INPUT) : f.placeOfKey(INPUT_ROWS),
          f.has(INPUT) ? "an input needs the key \"rows\"" : "only an input has \"rows\"",
          "write {input: SOURCE, rows: [...]}");
      return null;
    }
    Located<String> input = f.get(INPUT);
    TestRows rows = f.get(INPUT_ROWS);
    if (f.has(INPUT)) {
      return input == null || rows == null
          ? null
          : new TestStep.Input(input, rows, f.placeOfKey(INPUT));
    }
    Duration time = f.get(PROCESSING_TIME);
    if (time != null) {
      return new TestStep.ProcessingTime(time, f.placeOfKey(PROCESSING_TIME));
    }
    for (Expect.Kind kind : Expect.Kind.values()) {
      Key<TestRows> key =
          switch (kind) {
            case EXPECT -> EXPECT;
            case EXPECT_INCLUDES -> EXPECT_INCLUDES;
            case EXPECT_TABLE -> EXPECT_TABLE;
          };
      TestRows expected = f.get(key);
      if (expected != null) {
        return new Expect(kind, expected, Objects.requireNonNull(f.placeOfKey(key)));
      }
    }
    return f.get(WATERMARK);
  }
}
