package dev.beamline.execution.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.ConstantFolding;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Evaluates the lines of the files in {@code src/test/resources/functions}:
 *
 * <pre>
 * -- a comment
 * SUBSTR('apple', 2) -> 'pple'
 * 1 / 0 -> error division by zero: 1 / 0
 * 'a' + 1 -> refused: + cannot be applied to STRING, INT64; allowed: ...
 * </pre>
 *
 * A result is a literal that shows its type: {@code 1} is INT64, {@code 1.0} FLOAT64, {@code
 * NUMERIC '1'} NUMERIC. With {@code -Dbeamline.rewrite=true} the results are written anew.
 */
final class FunctionFilesTest {

  private static final Path FOLDER = Path.of("src/test/resources/functions");
  private static final String ARROW = " -> ";

  @TestFactory
  Stream<DynamicNode> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream().map(FunctionFilesTest::file);
    }
  }

  private static DynamicNode file(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (Boolean.getBoolean("beamline.rewrite")) {
        List<String> rewritten = new ArrayList<>();
        for (String line : lines) {
          rewritten.add(isCase(line) ? sql(line) + ARROW + actual(sql(line)) : line);
        }
        Files.write(file, rewritten);
        lines = rewritten;
      }
      List<DynamicNode> tests = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (isCase(line)) {
          String place = file.getFileName() + ":" + (i + 1) + ": " + sql(line);
          tests.add(dynamicTest(place, () -> check(expected(line), actual(sql(line)), place)));
        }
      }
      return dynamicContainer(file.getFileName().toString(), tests);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A bare {@code refused} is satisfied by any refusal. */
  private static void check(String expected, String actual, String place) {
    boolean refused = expected.equals("refused") && actual.startsWith("refused: ");
    assertEquals(expected, refused ? expected : actual, place);
  }

  private static boolean isCase(String line) {
    return !line.isBlank() && !line.startsWith("--");
  }

  private static String sql(String line) {
    int arrow = line.lastIndexOf(ARROW);
    return arrow < 0 ? line.strip() : line.substring(0, arrow).strip();
  }

  private static String expected(String line) {
    int arrow = line.lastIndexOf(ARROW);
    return arrow < 0 ? "" : line.substring(arrow + ARROW.length()).strip();
  }

  private static String actual(String sql) {
    Problems problems = new Problems();
    Optional<QueryPlan> plan =
        SqlCompiler.compile(
            "test", "test.sql", "SELECT " + sql, SqlContext.of(Map.of()).withAdHoc(true), problems);
    if (plan.isEmpty()) {
      Diagnostic first = problems.sorted().get(0);
      return "refused: " + first.message() + (first.hint() == null ? "" : "; " + first.hint());
    }
    String evaluated = evaluate(plan.get().plan(), expression -> expression);
    assertEquals(evaluated, evaluate(plan.get().plan(), ConstantFolding::fold), "folded: " + sql);
    return evaluated;
  }

  private static String evaluate(Plan plan, UnaryOperator<Expression> rewrite) {
    try {
      return ValueText.of(row(plan, rewrite).get(0), plan.schema().type(0));
    } catch (EvaluationException e) {
      return ("error " + e.getMessage()).strip();
    }
  }

  /** The only row. */
  private static Tuple row(Plan plan, UnaryOperator<Expression> rewrite) {
    if (plan instanceof Plan.ConstantRows constant) {
      return constant.rows().get(0);
    } else if (plan instanceof Plan.Calc calc) {
      Tuple input = row(calc.input(), rewrite);
      return Tuple.of(
          calc.projections().stream()
              .map(e -> ExpressionCompiler.compile(rewrite.apply(e)).evaluate(input))
              .toArray());
    }
    throw new IllegalArgumentException("not for these tests: " + plan);
  }
}
