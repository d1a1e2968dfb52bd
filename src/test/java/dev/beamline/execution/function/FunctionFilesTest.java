package dev.beamline.execution.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.ConstantFolding;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.Expression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * 'a' + 1 -> refused
 * PARSE_DATE('%H', '1') -> refused: Invalid format: %H is not allowed for the DATE type.
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
          tests.add(
              dynamicTest(place, () -> assertEquals(expected(line), actual(sql(line)), place)));
        }
      }
      return dynamicContainer(file.getFileName().toString(), tests);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
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
    Expression expression;
    try {
      expression = SqlExpressions.of(sql);
    } catch (SqlExpressions.Refused e) {
      return String.valueOf(e.getMessage());
    }
    String evaluated = evaluate(expression);
    assertEquals(evaluated, evaluate(ConstantFolding.fold(expression)), "folded: " + sql);
    return evaluated;
  }

  private static String evaluate(Expression expression) {
    try {
      Object value = ExpressionCompiler.compile(expression).evaluate(Tuple.of());
      return ValueText.of(value, expression.type());
    } catch (EvaluationException e) {
      return ("error " + e.getMessage()).strip();
    }
  }
}
