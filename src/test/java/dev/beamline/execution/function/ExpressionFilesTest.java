package dev.beamline.execution.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.analyzer.SqlContext;
import dev.beamline.sql.analyzer.StatementAnalyzer;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.parser.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Evaluates the expressions of the files in {@code functions/}, one a line: {@code expression -->
 * value}, the value as FORMAT's %T writes it, or {@code ERROR message} at run time, or {@code
 * REFUSED code: message} at validation. Lines that begin with # and empty lines are for the reader.
 */
class ExpressionFilesTest {

  private static final Path FOLDER = Path.of("src/test/resources/functions");
  private static final String ARROW = " --> ";

  @TestFactory
  Stream<DynamicContainer> files() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(FOLDER)) {
      files = found.filter(p -> p.toString().endsWith(".txt")).sorted().toList();
    }
    List<DynamicContainer> containers = new ArrayList<>();
    for (Path file : files) {
      List<DynamicTest> tests = new ArrayList<>();
      List<String> rewritten = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        if (line.isBlank() || line.startsWith("#")) {
          rewritten.add(line);
          continue;
        }
        int arrow = line.lastIndexOf(ARROW);
        String expression = arrow < 0 ? line : line.substring(0, arrow);
        String expected = arrow < 0 ? "" : line.substring(arrow + ARROW.length());
        if (Boolean.getBoolean("beamline.rewrite")) {
          rewritten.add(expression + ARROW + evaluate(expression));
        } else {
          tests.add(
              DynamicTest.dynamicTest(
                  expression, () -> assertEquals(expected, evaluate(expression), expression)));
        }
      }
      if (Boolean.getBoolean("beamline.rewrite")) {
        Files.writeString(file, String.join("\n", rewritten) + "\n");
      }
      containers.add(DynamicContainer.dynamicContainer(file.getFileName().toString(), tests));
    }
    return containers.stream();
  }

  static String evaluate(String expression) {
    Problems problems = new Problems();
    List<SqlStatement> statements =
        SqlParser.parse("test.sql", "SELECT " + expression, problems).statements();
    if (problems.hasErrors()) {
      return refused(problems);
    }
    SqlStatement.Query query = (SqlStatement.Query) statements.get(0);
    Optional<QueryPlan> plan =
        StatementAnalyzer.analyze(
            "test", query, List.of(), SqlContext.of(Map.of()).withAdHoc(true), problems);
    if (plan.isEmpty()) {
      return refused(problems);
    }
    try {
      Object value = rows(plan.get().plan()).get(0).get(0);
      String text = SqlLiterals.sql(value, plan.get().plan().schema().type(0));
      return value == null ? text + " " + plan.get().plan().schema().type(0).sql() : text;
    } catch (EvaluationException e) {
      return "ERROR " + e.getMessage();
    }
  }

  private static String refused(Problems problems) {
    Diagnostic first = problems.sorted().get(0);
    return "REFUSED " + first.code() + ": " + first.message();
  }

  private static List<Tuple> rows(Plan plan) {
    if (plan instanceof Plan.ConstantRows constant) {
      return constant.rows();
    } else if (plan instanceof Plan.Calc calc) {
      List<Evaluator> evaluators =
          calc.projections().stream().map(ExpressionCompiler::compile).toList();
      return rows(calc.input()).stream()
          .map(row -> Tuple.of(evaluators.stream().map(e -> e.evaluate(row)).toArray()))
          .toList();
    }
    throw new IllegalArgumentException("more than an expression: " + plan);
  }
}
