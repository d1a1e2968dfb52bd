package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.io.format.RowsText;
import dev.beamline.io.format.ValueText;
import dev.beamline.project.Format;
import dev.beamline.project.Project;
import dev.beamline.project.TestFile;
import dev.beamline.project.TestRows;
import dev.beamline.project.TestStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes what came out what is expected. Expectations that were met stay as they are, and so does
 * every row of the others that came; comments and all else of the file stay where they stand.
 */
public final class ExpectationUpdate {

  private final Project project;
  private final TestFileText text;

  private ExpectationUpdate(Project project, TestFileText text) {
    this.project = project;
    this.text = text;
  }

  /**
   * Rewrites the files of tests that failed.
   *
   * @return the files that have changed, relative to the project
   * @throws InvalidProjectException where rows are in a file that cannot be written
   */
  public static List<String> apply(Project project, List<CaseResult> results) throws IOException {
    Map<TestFile, List<CaseResult>> byFile = new LinkedHashMap<>();
    results.stream()
        .filter(result -> !result.passed())
        .forEach(
            result -> byFile.computeIfAbsent(result.file(), f -> new ArrayList<>()).add(result));
    List<String> changed = new ArrayList<>();
    for (Map.Entry<TestFile, List<CaseResult>> failed : byFile.entrySet()) {
      Path path = project.resolve(failed.getKey().path());
      TestFileText text = new TestFileText(Files.readString(path));
      ExpectationUpdate update = new ExpectationUpdate(project, text);
      for (CaseResult result : failed.getValue()) {
        update.apply(failed.getKey().tests().indexOf(result.test()), result);
      }
      Files.writeString(path, text.edited());
      changed.add(failed.getKey().path());
    }
    return changed;
  }

  private void apply(int test, CaseResult result) throws IOException {
    for (Expectation expectation : result.expectations()) {
      if (!expectation.met()) {
        apply(test, expectation);
      }
    }
    if (!result.lateDroppedAsExpected()) {
      text.replaceLateDropped(test, result.lateDropped());
    }
  }

  private void apply(int test, Expectation expectation) throws IOException {
    TestRows rows = expectation.step().rows();
    String key = expectation.step().kind().yaml();
    if (rows instanceof TestRows.Csv) {
      text.replaceCsv(test, expectation.number(), key, csv(expectation));
    } else if (rows instanceof TestRows.File file) {
      rewrite(file, expectation);
    } else {
      List<@Nullable String> kept = new ArrayList<>();
      List<Integer> left = new ArrayList<>(expectation.matching().unexpected());
      Schema schema = expectation.schema();
      for (int i = 0; i < expectation.expected().size(); i++) {
        ExpectedRow row = expectation.expected().get(i);
        if (expectation.matching().pairs().get(i) >= 0) {
          kept.add(TestFileText.AS_IT_IS);
          continue;
        }
        Integer nearest = RowMatching.nearest(schema, row, left, expectation.actual());
        if (nearest == null) {
          kept.add(null);
        } else {
          left.remove(nearest);
          kept.add(RowYaml.row(schema, expectation.actual().get(nearest), row.values().keySet()));
        }
      }
      Collection<Integer> columns = columns(expectation);
      boolean includes = key.equals("expect_includes");
      List<String> added =
          left.stream()
              .filter(i -> !includes)
              .map(i -> RowYaml.row(schema, expectation.actual().get(i), columns))
              .sorted()
              .toList();
      text.replaceRows(test, expectation.number(), key, kept, added);
    }
  }

  private static Collection<Integer> columns(Expectation expectation) {
    TreeSet<Integer> named = new TreeSet<>();
    expectation.expected().forEach(row -> named.addAll(row.values().keySet()));
    return named.isEmpty() ? RowYaml.usualColumns(expectation.schema()) : named;
  }

  private static String csv(Expectation expectation) {
    List<Integer> columns = List.copyOf(columns(expectation));
    return RowsText.csv(picked(expectation.schema(), columns), rows(expectation, columns));
  }

  private static Schema picked(Schema schema, List<Integer> columns) {
    return new Schema(columns.stream().map(schema::column).toList());
  }

  /** The rows that came, in the order of those that were expected, and new ones behind them. */
  private static List<Tuple> rows(Expectation expectation, List<Integer> columns) {
    Schema schema = expectation.schema();
    List<Integer> left = new ArrayList<>(expectation.matching().unexpected());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < expectation.expected().size(); i++) {
      Integer row = expectation.matching().pairs().get(i);
      if (row < 0) {
        row =
            RowMatching.nearest(schema, expectation.expected().get(i), left, expectation.actual());
        left.remove(row);
      }
      if (row != null) {
        order.add(row);
      }
    }
    if (expectation.step().kind() != TestStep.Expect.Kind.EXPECT_INCLUDES) {
      left.sort(
          Comparator.comparing(i -> RowYaml.row(schema, expectation.actual().get(i), columns)));
      order.addAll(left);
    }
    return order.stream()
        .map(expectation.actual()::get)
        .map(row -> Tuple.of(columns.stream().map(row::get).toArray()))
        .toList();
  }

  private void rewrite(TestRows.File file, Expectation expectation) throws IOException {
    List<Integer> columns = List.copyOf(columns(expectation));
    Format format = Format.ofPath(file.path().value()).orElse(Format.JSON);
    Path path = project.resolve(file.path().value());
    if (format == Format.CSV) {
      Files.writeString(path, csv(expectation));
    } else if (format == Format.JSON) {
      StringBuilder lines = new StringBuilder();
      Schema schema = picked(expectation.schema(), columns);
      for (Tuple row : rows(expectation, columns)) {
        lines.append(ValueText.jsonObject(schema, row, ValueText.Numbers.EXACT)).append('\n');
      }
      Files.writeString(path, lines.toString());
    } else {
      throw new InvalidProjectException(
          Diagnostic.error(
              DiagnosticCode.TEST_INVALID,
              file.path().place(),
              "expected rows in a " + format.yaml() + " file cannot be updated",
              "keep them in .csv or .ndjson, or in the test itself"));
    }
  }
}
