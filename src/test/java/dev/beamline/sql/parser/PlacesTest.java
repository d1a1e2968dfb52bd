package dev.beamline.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlStatement;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Places are exact: what a diagnostic or node underlines is what it is about. */
class PlacesTest {

  @Test
  void identifiersAndOperatorsAreWhereTheyStand() throws IOException {
    int checked = 0;
    for (String sql : statements()) {
      for (SqlStatement tree : SqlParser.parse("q.sql", sql, new Problems()).statements()) {
        checked += check(sql, tree);
      }
    }
    assertTrue(checked > 1_000, "checked " + checked);
  }

  /** The SQL of all data files of this package, of the analyzer's tests and of the project. */
  private static List<String> statements() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files("src/test/resources/dev/beamline/sql/parser", "q")) {
      for (String block : Files.readString(file).split("====\n", -1)) {
        found.add(block.contains("---->") ? block.substring(0, block.indexOf("---->")) : "");
      }
    }
    for (Path file : files("src/test/resources/sql", "")) {
      for (String block : Files.readString(file).split("(?m)^### .*\n", -1)) {
        found.add(block.split("(?m)^---$", 2)[0].replaceAll("(?m)^#", "-- "));
      }
    }
    for (Path file : files("queries", "")) {
      found.add(Files.readString(file));
    }
    return found;
  }

  private static List<Path> files(String folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files
          .filter(p -> Files.isRegularFile(p) && p.getFileName().toString().startsWith(prefix))
          .toList();
    }
  }

  private static int check(String sql, Object root) {
    int checked = 0;
    Deque<Object> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Object node = open.pop();
      children(node).forEach(open::push);
      if (node instanceof SqlExpression.Identifier identifier) {
        String text = text(sql, identifier.place());
        boolean quoted = text.startsWith("`") && text.endsWith("`");
        boolean unnamed =
            (identifier.name().equals("offset") && text.startsWith("WITH"))
                || (identifier.name().startsWith("$") && text.equals("UNPIVOT"));
        assertTrue(quoted || unnamed || text.equals(identifier.name()), sql + ": " + text);
        checked++;
      } else if (node instanceof SqlExpression.Binary binary) {
        String text = text(sql, binary.place()).toUpperCase(Locale.ROOT);
        boolean pipe = text.equals("WHERE") || text.equals("UNPIVOT");
        boolean unequal = text.equals("<>") && binary.operator().equals("!=");
        boolean quantified = binary.operator().startsWith(text) && text.endsWith("LIKE");
        assertTrue(
            pipe || unequal || quantified || text.equals(binary.operator()), sql + ": " + text);
        checked++;
      }
    }
    return checked;
  }

  private static List<Object> children(Object node) {
    List<Object> children = new ArrayList<>();
    if (node instanceof List<?> list) {
      children.addAll(list);
    } else if (node instanceof Record record && !(node instanceof Place)) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        try {
          Object value = component.getAccessor().invoke(record);
          if (value != null) {
            children.add(value);
          }
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return children;
  }

  private static String text(String sql, Place place) {
    String line = sql.split("\n", -1)[place.line() - 1];
    int[] points = line.codePoints().toArray();
    return new String(points, place.column() - 1, place.length());
  }

  @Test
  void columnsCountCodePointsAndLinesEndInEveryWay() {
    assertPlace("SELECT '😀ä' +", 1, 14);
    assertPlace("SELECT '😀ä', ]", 1, 14);
    assertPlace("SELECT\t\ta,\r\n  ]", 2, 3);
    assertPlace("SELECT a,\r  ]", 2, 3);
    assertPlace("SELECT a,\n\n/* 😀\n */ ]", 4, 5);
    assertPlace("\uFEFFSELECT ]", 1, 9);
    assertPlace("SELECT '''😀\n😀''' ]", 2, 6);
    assertPlace("SELECT a -- 😀\r\n, '\\q' FROM t", 2, 4);
    assertPlace("SELECT a +\n\n\n", 1, 11);
  }

  private static void assertPlace(String sql, int line, int column) {
    Problems problems = new Problems();
    SqlParser.parse("q.sql", sql, problems);
    assertEquals(1, problems.sorted().size(), () -> problems.sorted().toString());
    Place place = problems.sorted().get(0).place();
    assertEquals(line + ":" + column, place.line() + ":" + place.column(), sql);
    assertEquals("q.sql", place.file());
  }

  @Test
  void typesAndExpressionsOfYamlStandWhereTheirTextStands() {
    Problems problems = new Problems();
    assertNull(SqlParser.parseType("pipelines.yaml", 12, 20, "STRUCT<a STRING, >", problems));
    assertNull(SqlParser.parseExpression("pipelines.yaml", 14, 3, "a +\n  b +", problems));
    List<String> places =
        problems.sorted().stream().map(Diagnostic::place).map(Place::toString).toList();
    assertEquals(List.of("pipelines.yaml:12:37", "pipelines.yaml:15:6"), places);
  }

  @Test
  void statementsKnowTheirTextAndTheirOwnProblems() {
    String sql = "-- first\nSELECT 1 ; ;\n SELECT a b c\n;select 'x;' -- end\n";
    Problems problems = new Problems();
    ParsedFile file = SqlParser.parse("q.sql", sql, problems);
    assertEquals(
        List.of("SELECT 1", "SELECT a b c", "select 'x;'"),
        file.parsed().stream().map(ParsedStatement::text).toList());
    assertEquals(
        List.of("q.sql:2:1", "q.sql:3:2", "q.sql:4:2"),
        file.parsed().stream().map(s -> s.place().toString()).toList());
    assertNull(file.parsed().get(1).statement());
    assertEquals(1, file.parsed().get(1).problems().size());
    assertEquals(2, file.statements().size());
    assertEquals(1, problems.sorted().size());
  }
}
