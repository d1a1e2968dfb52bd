package dev.beamline.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Problems;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.ast.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the cases of the golden files: SQL, a line {@code ---->}, and what comes of it: trees or
 * diagnostics. A file's name says what its cases are: expressions*, types*, or statements.
 */
class GoldenTest {

  private static final Path FOLDER = Path.of("src/test/resources/dev/beamline/sql/parser");
  private static final String ARROW = "---->\n";
  private static final String END = "====\n";

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> found = Files.list(FOLDER)) {
      files = found.filter(p -> p.toString().endsWith(".golden")).sorted().toList();
    }
    assertTrue(!files.isEmpty());
    for (Path file : files) {
      StringBuilder rewritten = new StringBuilder();
      String name = file.getFileName().toString();
      int number = 0;
      for (String block : Files.readString(file).split(END, -1)) {
        if (block.isBlank()) {
          continue;
        }
        number++;
        int arrow = block.indexOf(ARROW);
        String input = arrow < 0 ? block : block.substring(0, arrow);
        String expected = arrow < 0 ? "" : block.substring(arrow + ARROW.length());
        String sql = input.endsWith("\n") ? input.substring(0, input.length() - 1) : input;
        String actual = result(name, sql);
        rewritten.append(input).append(ARROW).append(actual).append(END);
        String title = name + " " + number + ": " + sql.lines().findFirst().orElse("");
        if (!Boolean.getBoolean("beamline.rewrite")) {
          tests.add(DynamicTest.dynamicTest(title, () -> assertEquals(expected, actual)));
        }
        tests.add(DynamicTest.dynamicTest(title + " (round trip)", () -> roundTrip(name, sql)));
      }
      if (Boolean.getBoolean("beamline.rewrite")) {
        Files.writeString(file, rewritten);
      }
    }
    return tests.stream();
  }

  private static String result(String name, String sql) {
    Problems problems = new Problems();
    StringBuilder out = new StringBuilder();
    for (Object tree : trees(name, sql, problems)) {
      out.append(TreeText.of(tree)).append('\n');
    }
    for (Diagnostic problem : problems.sorted()) {
      out.append(problem.place().line()).append(':').append(problem.place().column());
      out.append('+').append(problem.place().length());
      out.append(' ').append(problem.code()).append(": ").append(problem.message());
      out.append(problem.hint() == null ? "" : " (" + problem.hint() + ")").append('\n');
    }
    return out.toString();
  }

  private static List<Object> trees(String name, String sql, Problems problems) {
    List<Object> trees = new ArrayList<>();
    if (name.startsWith("expressions")) {
      SqlExpression parsed = SqlParser.parseExpression("q.sql", 1, 1, sql, problems);
      if (parsed != null) {
        trees.add(parsed);
      }
    } else if (name.startsWith("types")) {
      SqlType parsed = SqlParser.parseType("pipelines.yaml", 7, 21, sql, problems);
      if (parsed != null) {
        trees.add(parsed);
      }
    } else {
      trees.addAll(SqlParser.parse("q.sql", sql, problems).statements());
    }
    return trees;
  }

  /** What is written from a tree must give the same tree again. */
  private static void roundTrip(String name, String sql) {
    for (Object tree : trees(name, sql, new Problems())) {
      String text = text(tree);
      Problems problems = new Problems();
      List<Object> again = trees(name, text, problems);
      assertEquals(List.of(), problems.sorted(), text);
      assertEquals(TreeText.of(tree), TreeText.of(again.get(0)), text);
      assertEquals(text, text(again.get(0)));
    }
  }

  private static String text(Object tree) {
    if (tree instanceof SqlExpression expression) {
      return Unparser.text(expression);
    }
    return tree instanceof SqlType type ? Unparser.text(type) : Unparser.text((SqlStatement) tree);
  }
}
