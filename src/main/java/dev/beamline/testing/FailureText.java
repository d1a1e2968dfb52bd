package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.format.ValueText;
import dev.beamline.project.TestStep;
import dev.beamline.transform.ErrorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says why a test failed: for each expectation that was not met, the rows that differ. */
public final class FailureText {

  private static final int MOST_ROWS = 50;

  private FailureText() {}

  /** A line of a difference. */
  private record Line(char sign, List<String> cells, String note) {}

  /** Everything that is wrong, each with file and line. */
  public static String of(CaseResult result) {
    StringBuilder out = new StringBuilder();
    for (Expectation expectation : result.expectations()) {
      if (!expectation.met()) {
        write(expectation, out);
      }
    }
    if (!result.lateDroppedAsExpected()) {
      var expected = Objects.requireNonNull(result.test().lateDropped());
      out.append(expected.place())
          .append(": late_dropped: ")
          .append(rows(expected.value()))
          .append(" expected, ")
          .append(result.lateDropped())
          .append(" dropped\n");
    }
    for (ErrorRecord error : result.errors()) {
      out.append("a row went to the errors of ")
          .append(error.origin())
          .append(": ")
          .append(error.message())
          .append(": ")
          .append(error.input())
          .append('\n');
    }
    return out.toString();
  }

  private static String rows(long count) {
    return count + (count == 1 ? " row" : " rows");
  }

  private static void write(Expectation expectation, StringBuilder out) {
    Schema schema = expectation.schema();
    RowMatching matching = expectation.matching();
    TestStep.Expect step = expectation.step();
    boolean includes = step.kind() == TestStep.Expect.Kind.EXPECT_INCLUDES;
    Place place =
        matching.missing().isEmpty()
            ? step.place()
            : expectation.expected().get(matching.missing().get(0)).place();
    out.append(step.place())
        .append(": ")
        .append(step.kind().yaml())
        .append(": ")
        .append(rows(expectation.expected().size()))
        .append(" expected, ")
        .append(expectation.actual().size())
        .append(step.kind() == TestStep.Expect.Kind.EXPECT_TABLE ? " in the table" : " emitted");
    if (!place.equals(step.place())) {
      out.append(" (").append(place.file()).append(':').append(place.line()).append(')');
    }
    out.append('\n');
    List<Integer> columns = columns(expectation);
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(' ', columns.stream().map(schema::name).toList(), ""));
    List<Integer> left = new ArrayList<>(matching.unexpected());
    for (int missing : matching.missing()) {
      ExpectedRow row = expectation.expected().get(missing);
      lines.add(new Line('-', cells(schema, columns, row), "expected, line " + row.place().line()));
      Integer nearest = RowMatching.nearest(schema, row, left, expectation.actual());
      if (nearest != null) {
        left.remove(nearest);
        Tuple actual = expectation.actual().get(nearest);
        lines.add(new Line('+', cells(schema, columns, actual), differences(schema, row, actual)));
      }
    }
    for (int unexpected : left) {
      if (!includes || matching.missing().size() > 0) {
        Tuple actual = expectation.actual().get(unexpected);
        lines.add(new Line('+', cells(schema, columns, actual), includes ? "" : "not expected"));
      }
    }
    print(lines, out);
  }

  /** The columns that expectations name; of rows that nothing is expected of, all. */
  private static List<Integer> columns(Expectation expectation) {
    TreeSet<Integer> columns = new TreeSet<>();
    expectation.expected().forEach(row -> columns.addAll(row.values().keySet()));
    if (columns.isEmpty()) {
      for (int i = 0; i < expectation.schema().size(); i++) {
        columns.add(i);
      }
    }
    return List.copyOf(columns);
  }

  private static List<String> cells(Schema schema, List<Integer> columns, ExpectedRow row) {
    return columns.stream()
        .map(
            column ->
                row.values().containsKey(column)
                    ? text(schema, column, row.values().get(column))
                    : "")
        .toList();
  }

  private static List<String> cells(Schema schema, List<Integer> columns, Tuple row) {
    return columns.stream().map(column -> text(schema, column, row.get(column))).toList();
  }

  private static String text(Schema schema, int column, @Nullable Object value) {
    String text = ValueText.text(schema.type(column), value).replace("\n", "\\n");
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static String differences(Schema schema, ExpectedRow expected, Tuple actual) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<Integer, @Nullable Object> value : expected.values().entrySet()) {
      int column = value.getKey();
      if (!SameValues.same(schema.type(column), value.getValue(), actual.get(column))) {
        names.add(schema.name(column));
      }
    }
    return "got; differs in " + String.join(", ", names);
  }

  private static void print(List<Line> lines, StringBuilder out) {
    int columns = lines.get(0).cells().size();
    int[] widths = new int[columns];
    for (Line line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.cells().get(i).length());
      }
    }
    for (int l = 0; l < Math.min(lines.size(), MOST_ROWS); l++) {
      Line line = lines.get(l);
      StringBuilder row = new StringBuilder("  " + line.sign() + " ");
      for (int i = 0; i < columns; i++) {
        row.append(line.cells().get(i))
            .append(" ".repeat(widths[i] - line.cells().get(i).length()));
        row.append("  ");
      }
      out.append(row.append(line.note()).toString().stripTrailing()).append('\n');
    }
    if (lines.size() > MOST_ROWS) {
      out.append("  and ").append(lines.size() - MOST_ROWS).append(" more rows\n");
    }
  }
}
