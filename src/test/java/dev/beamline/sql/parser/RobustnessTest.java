package dev.beamline.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Problems;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text: diagnostics with places in it, and never an exception. */
class RobustnessTest {

  private static final Path FOLDER = Path.of("src/test/resources/dev/beamline/sql/parser");

  private static final String[] SCRAPS = {
    "(",
    ")",
    "[",
    "]",
    "'",
    "\"",
    "'''",
    "`",
    ",",
    ".",
    ";",
    "<",
    ">",
    "|>",
    "=>",
    "->",
    "/*",
    "--",
    "\\",
    "@",
    "é",
    "😀",
    "\n",
    "\r\n",
    "\t",
    " ",
    "SELECT ",
    " FROM ",
    " WHERE ",
    " GROUP BY ",
    " ORDER BY ",
    " LIMIT ",
    " UNION ALL ",
    " JOIN ",
    " ON ",
    " AS ",
    " CASE ",
    " END ",
    " AND ",
    " NOT ",
    " IN ",
    " STRUCT<",
    " ARRAY<",
    " INTERVAL ",
    " OVER ",
    " WITH ",
    " UNNEST",
    " TABLE(",
    " VALUES ",
    "1",
    "1.5e3",
    "0x",
    "r'",
    "b\"",
    " * ",
    " EXCEPT ",
    " CREATE FUNCTION ",
    "\u0000"
  };

  /** Deep nests of every kind; each opening is repeated, then each closing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(;)",
        "[;]",
        "f(;)",
        "NOT ;",
        "- ;",
        "~;",
        "CASE WHEN ; THEN 1 END",
        "(SELECT ;)",
        "ARRAY(SELECT ;)",
        "STRUCT(;)",
        "CAST(; AS INT64)",
        "(SELECT 1 FROM (;))",
        "a[;]",
        "x IN (;)",
        "EXISTS(SELECT ;)",
        "IF(a, b, ;)",
        "x -> ;",
        "f(x -> ;)",
        "1 + (;)",
        "((SELECT 1) + ;)",
        "(1, ;)",
        "f(a => ;)",
        "INTERVAL ; DAY",
        "x BETWEEN 1 AND ;",
        "SUM(x) OVER (ORDER BY ;)",
        "(VALUES (;))",
        "WITH(a AS ;, a)"
      })
  void deepNestsAreRefused(String nest) {
    int split = nest.indexOf(';');
    String open = nest.substring(0, split);
    int depth = open.equals("(") ? 100_000 : 5_000;
    String closed = open.repeat(depth) + "1" + nest.substring(split + 1).repeat(depth);
    for (String expression : List.of(closed, open.repeat(depth))) {
      Problems problems = new Problems();
      ParsedFile parsed = SqlParser.parse("q.sql", "SELECT " + expression, problems);
      assertNull(parsed.parsed().get(0).statement(), nest);
      assertTrue(problems.hasErrors(), nest);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM (;)",
        "FROM (SELECT 1 FROM ;)",
        "FROM (a JOIN ; ON x)",
        "FROM (WITH a AS (;) SELECT 1)",
        "FROM TABLE(f(TABLE f(;)))",
        "GROUP BY ROLLUP(;)",
        "GROUP BY GROUPING SETS (;)",
        "UNION ALL (SELECT 1 ;)"
      })
  void deepClausesAreRefused(String nest) {
    int split = nest.indexOf(';');
    String before = nest.substring(0, split);
    String word = before.substring(0, before.indexOf(' ') + 1);
    String inner = before.substring(before.indexOf(' ') + 1);
    int depth = 5_000;
    String close = nest.substring(split + 1);
    String text = "SELECT 1 " + word + inner.repeat(depth) + "a" + close.repeat(depth);
    Problems problems = new Problems();
    SqlParser.parse("q.sql", text, problems);
    assertTrue(problems.hasErrors(), nest);
  }

  @Test
  void deepTypesAreRefused() {
    for (String open : List.of("ARRAY<", "STRUCT<a ", "STRUCT<a INT64, b STRUCT<")) {
      Problems problems = new Problems();
      assertNull(SqlParser.parseType("p.yaml", 1, 1, open.repeat(20_000), problems));
      assertEquals(1, problems.sorted().size());
    }
  }

  @Test
  void longChainsOfLogicAreBalancedAndOthersRefused() {
    for (String operator : List.of(" AND ", " OR ", " || ")) {
      Problems problems = new Problems();
      String text = "a" + (operator + "a").repeat(20_000);
      SqlExpression parsed = SqlParser.parseExpression("q.sql", 1, 1, text, problems);
      assertNotNull(parsed, () -> problems.sorted().toString());
      assertTrue(height(parsed) < 20);
    }
    for (String operator : List.of(" + ", " * ", " - ", " | ", " << ")) {
      Problems problems = new Problems();
      String text = "a" + (operator + "a").repeat(20_000);
      assertNull(SqlParser.parseExpression("q.sql", 1, 1, text, problems));
      assertEquals(1, problems.sorted().size());
      String shorter = "a" + (operator + "a").repeat(400);
      assertNotNull(SqlParser.parseExpression("q.sql", 1, 1, shorter, new Problems()));
    }
  }

  private static int height(SqlExpression expression) {
    return expression instanceof SqlExpression.Binary binary
        ? 1 + Math.max(height(binary.left()), height(binary.right()))
        : 1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a;[0]",
        "SELECT a[0];.b",
        "SELECT 1; UNION ALL SELECT 1",
        "SELECT * FROM a;, b",
        "SELECT 1; |> WHERE TRUE",
        "SELECT * FROM a; JOIN b ON TRUE",
        "SELECT * FROM a; CROSS JOIN b"
      })
  void longChainsOfOtherThingsAreRefused(String chain) {
    int split = chain.indexOf(';');
    String text = chain.substring(0, split) + chain.substring(split + 1).repeat(20_000);
    Problems problems = new Problems();
    SqlParser.parse("q.sql", text, problems);
    assertTrue(problems.hasErrors(), chain);
    String shorter = chain.substring(0, split) + chain.substring(split + 1).repeat(20);
    Problems none = new Problems();
    SqlParser.parse("q.sql", shorter, none);
    assertEquals(List.of(), none.sorted());
  }

  @Test
  void wideTextsAreNotDeep() {
    String list = "a, ".repeat(20_000);
    for (String text :
        List.of(
            "SELECT " + list + "a FROM t",
            "SELECT f(" + list + "a)",
            "SELECT a IN (" + list + "a)",
            "SELECT CASE " + "WHEN a THEN b ".repeat(20_000) + "END",
            "SELECT a LIKE ANY (" + list + "a)",
            "VALUES " + "(1), ".repeat(20_000) + "(2)")) {
      Problems problems = new Problems();
      SqlParser.parse("q.sql", text, problems);
      assertEquals(List.of(), problems.sorted());
    }
  }

  @Test
  void oneMegabyteParsesQuickly() {
    String select =
        "SELECT team, SUM(score) AS total, COUNTIF(x > 1 AND y LIKE 'a%') AS n -- a comment\n"
            + "FROM events JOIN players USING (user_id) WHERE country IN ('DE', 'FR') AND a.b[0] ="
            + " 1\n"
            + "GROUP BY team ORDER BY total DESC LIMIT 10;\n";
    String text = select.repeat(1_000_000 / select.length());
    String oneLine = text.replace("-- a comment\n", "").replace('\n', ' ') + " 'ä😀'";
    Problems problems = new Problems();
    assertTimeout(
        Duration.ofSeconds(20),
        () -> assertTrue(SqlParser.parse("q.sql", text, problems).statements().size() > 3_000));
    assertEquals(List.of(), problems.sorted());
    assertTimeout(Duration.ofSeconds(20), () -> SqlParser.parse("q.sql", oneLine, problems));
  }

  @Test
  void garbageEndsQuickly() {
    for (String scrap : SCRAPS) {
      assertTimeout(
          Duration.ofSeconds(20),
          () -> {
            Problems problems = new Problems();
            SqlParser.parse("q.sql", scrap.repeat(20_000), problems);
            assertTrue(problems.sorted().size() <= 20_100);
          },
          scrap);
    }
  }

  @Test
  void mutationsNeverThrow() throws IOException {
    List<String> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(p -> p.toString().endsWith(".golden")).sorted().toList()) {
        for (String block : Files.readString(file).split("====\n", -1)) {
          int arrow = block.indexOf("---->");
          if (arrow > 0) {
            seeds.add(block.substring(0, arrow));
          }
        }
      }
    }
    assertFalse(seeds.isEmpty());
    Random random = new Random(20260101);
    for (int round = 0; round < 5_000; round++) {
      String text = mutated(seeds, random);
      try {
        check(text);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("round " + round + ": " + text, e);
      }
    }
  }

  private static String mutated(List<String> seeds, Random random) {
    StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, SCRAPS[random.nextInt(SCRAPS.length)]);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
        case 2 -> text.setLength(at);
        case 3 -> {
          String other = seeds.get(random.nextInt(seeds.size()));
          int start = random.nextInt(other.length());
          text.insert(at, other, start, Math.min(other.length(), start + random.nextInt(20)));
        }
        default -> {
          int end = Math.min(text.length(), at + random.nextInt(10));
          text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
        }
      }
    }
    return text.toString();
  }

  /** A text is read with diagnostics in it, and what was read can be written and read again. */
  private static void check(String text) {
    Problems problems = new Problems();
    ParsedFile file = SqlParser.parse("q.sql", text, problems);
    int lines = text.split("\r\n|\r|\n", -1).length;
    for (Diagnostic problem : problems.sorted()) {
      assertTrue(problem.place().line() <= lines, text);
      assertFalse(problem.message().isBlank());
    }
    for (ParsedStatement statement : file.parsed()) {
      assertEquals(text.substring(statement.start(), statement.end()), statement.text());
      assertEquals(statement.statement() == null, !statement.problems().isEmpty());
      SqlStatement tree = statement.statement();
      if (tree != null) {
        String written = Unparser.text(tree);
        Problems none = new Problems();
        List<SqlStatement> again = SqlParser.parse("q.sql", written, none).statements();
        assertEquals(List.of(), none.sorted(), written);
        assertEquals(TreeText.of(tree), TreeText.of(again.get(0)), text + "\n" + written);
      }
    }
    SqlParser.parseType("p.yaml", 3, 5, text, new Problems());
    SqlExpression expression = SqlParser.parseExpression("q.sql", 1, 1, text, new Problems());
    if (expression != null) {
      Problems none = new Problems();
      String written = Unparser.text(expression);
      SqlExpression again = SqlParser.parseExpression("q.sql", 1, 1, written, none);
      assertNotNull(again, written + none.sorted());
      assertEquals(TreeText.of(expression), TreeText.of(again), text + "\n" + written);
    }
  }
}
