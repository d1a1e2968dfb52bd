package dev.beamline.report.lsp;

import dev.beamline.sql.parser.SqlWords;
import dev.beamline.sql.parser.SqlWords.Kind;
import dev.beamline.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the words of a query say, also while it is not yet right. */
final class SqlText {

  private static final Set<String> CLAUSES =
      Set.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "ORDER",
          "LIMIT",
          "WINDOW",
          "ON",
          "USING",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "JOIN",
          "WITH",
          "BY",
          "CREATE");

  private final List<Word> words;

  SqlText(String text) {
    words = SqlWords.of(text);
  }

  List<Word> words() {
    return words;
  }

  /** The word that the offset is in or directly behind; -1: none. */
  int at(int offset) {
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (word.start() <= offset && offset <= word.end() && word.kind() != Kind.OTHER) {
        return i;
      }
    }
    return -1;
  }

  private boolean is(int index, String text) {
    return index >= 0 && index < words.size() && words.get(index).is(text);
  }

  /** Whether a word stands where a table is named. */
  boolean namesTable(int index) {
    if (index < 0 || words.get(index).kind() != Kind.NAME || is(index + 1, "(")) {
      return false;
    }
    return tablePlace(index);
  }

  /** Whether a table is named by what stands at this index. */
  boolean tablePlace(int index) {
    int before = index - 1;
    if (is(before, "FROM") || is(before, "JOIN")) {
      return !is(before - 3, "EXTRACT") && !insideCall(before);
    }
    if (is(before, "TABLE") && is(before - 1, "(")) {
      return true;
    }
    return is(before, ",") && clause(before).equals("FROM") && depthSince("FROM", before) == 0;
  }

  /** EXTRACT(DAY FROM x) and TRIM names no table. */
  private boolean insideCall(int from) {
    int depth = 0;
    for (int i = from - 1; i >= 0; i--) {
      if (is(i, ")")) {
        depth++;
      } else if (is(i, "(")) {
        if (depth == 0) {
          return i > 0 && is(i - 1, "EXTRACT");
        }
        depth--;
      } else if (depth == 0 && is(i, "SELECT")) {
        return false;
      }
    }
    return false;
  }

  /** The clause that a word stands in, in its own parentheses or those around it. */
  String clause(int index) {
    int depth = 0;
    for (int i = index; i >= 0; i--) {
      if (is(i, ")")) {
        depth++;
      } else if (is(i, "(")) {
        depth--;
      } else if (depth <= 0
          && CLAUSES.contains(words.get(i).text().toUpperCase(Locale.ROOT))
          && words.get(i).kind() == Kind.KEYWORD) {
        return words.get(i).text().toUpperCase(Locale.ROOT);
      }
    }
    return "";
  }

  private int depthSince(String clause, int index) {
    int depth = 0;
    for (int i = index; i >= 0; i--) {
      depth += is(i, ")") ? 1 : is(i, "(") ? -1 : 0;
      if (depth == 0 && is(i, clause)) {
        return 0;
      }
    }
    return depth;
  }

  /** The tables of FROM, by the names that columns are asked of them. */
  Map<String, String> aliases() {
    Map<String, String> aliases = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      if (namesTable(i)) {
        String table = words.get(i).text();
        int next = i + 1;
        if (is(next, "AS")) {
          next++;
        }
        boolean aliased = next < words.size() && words.get(next).kind() == Kind.NAME;
        aliases.put(aliased ? words.get(next).text() : table, table);
      }
    }
    return aliases;
  }

  /** The indexes of the words that name a table: in FROM, and before its columns. */
  List<Integer> references(String table) {
    List<Integer> found = new ArrayList<>();
    boolean read = false;
    boolean aliased = false;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (word.kind() == Kind.NAME && word.is(table)) {
        if (namesTable(i)) {
          found.add(i);
          read = true;
        } else if (is(i - 1, "AS") || (is(i + 1, "AS") && is(i + 2, "("))) {
          // Another name that hides the table: a column's, or a common table's.
          aliased |= is(i + 1, "AS");
        } else if (read && is(i + 1, ".") && !is(i - 1, ".")) {
          found.add(i);
        }
      }
    }
    if (aliased) {
      return List.of();
    }
    // Columns before the FROM that names their table.
    for (int i = 0; read && i < words.size(); i++) {
      Word word = words.get(i);
      if (word.kind() == Kind.NAME
          && word.is(table)
          && is(i + 1, ".")
          && !is(i - 1, ".")
          && !found.contains(i)) {
        found.add(i);
      }
    }
    return found.stream().sorted().toList();
  }

  /** The names before the dot that the word at the index stands behind, outermost first. */
  List<String> pathBefore(int index) {
    List<String> path = new ArrayList<>();
    int at = index;
    while (is(at - 1, ".") && at >= 2 && words.get(at - 2).kind() != Kind.OTHER) {
      path.add(0, words.get(at - 2).text());
      at -= 2;
    }
    return path;
  }

  /** Where the word at an offset begins, or the offset itself; and what stands before. */
  record Point(int start, int before) {}

  Point point(int offset) {
    int start = offset;
    int before = -1;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (word.kind() != Kind.OTHER && word.start() < offset && offset <= word.end()) {
        start = word.start();
        break;
      }
      if (word.end() <= offset) {
        before = i;
      }
    }
    return new Point(start, before);
  }

  /** Whether what will be written behind the word at the index names a table. */
  boolean expectsTable(int before) {
    if (is(before, "FROM") || is(before, "JOIN")) {
      return !insideCall(before);
    }
    return (is(before, "(") && is(before - 1, "TABLE"))
        || (is(before, "TABLE") && is(before - 1, "("))
        || (is(before, ",") && clause(before).equals("FROM") && depthSince("FROM", before) == 0);
  }

  /** The path of names that ends with the dot at the index. */
  Optional<List<String>> pathUpTo(int dot) {
    if (!is(dot, ".") || dot < 1 || words.get(dot - 1).kind() == Kind.OTHER) {
      return Optional.empty();
    }
    List<String> path = new ArrayList<>(pathBefore(dot - 1));
    path.add(words.get(dot - 1).text());
    return Optional.of(path);
  }
}
