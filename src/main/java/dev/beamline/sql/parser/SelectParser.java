package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlQuery.FromItem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses SELECT. An error in one clause is reported and the next clause read all the same, so that
 * one look shows all mistakes.
 */
final class SelectParser {

  /** In the order in which they must stand. */
  private static final List<String> CLAUSES =
      List.of("FROM", "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW");

  private final Grammar grammar;
  private final Cursor cursor;

  SelectParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** What a SELECT is made of, while it is read. */
  private static final class Parts {
    boolean distinct;
    String as = "";
    final List<SqlQuery.SelectItem> items = new ArrayList<>();
    SqlQuery.@Nullable FromItem from;
    @Nullable SqlExpression where;
    final List<SqlQuery.GroupItem> groupBy = new ArrayList<>();
    boolean groupByAll;
    @Nullable SqlExpression having;
    @Nullable SqlExpression qualify;
    final List<SqlQuery.NamedWindow> windows = new ArrayList<>();

    SqlQuery.Select select(Place place) {
      return new SqlQuery.Select(
          distinct, as, items, from, where, groupBy, groupByAll, having, qualify, windows, place);
    }
  }

  SqlQuery.Select select() {
    int level = cursor.level(cursor.position());
    Token word = cursor.next();
    Parts parts = new Parts();
    boolean read =
        grammar
            .clauses()
            .guarded(
                level,
                true,
                () -> {
                  modifiers(parts);
                  grammar.selectLists().items(parts.items);
                  grammar.clauses().requireFollower();
                });
    int last = -1;
    // After an error the FROM may have been skipped.
    boolean hasFrom = !read;
    while (CLAUSES.contains(cursor.peek().upper())) {
      Token clause = cursor.peek();
      int index = CLAUSES.indexOf(clause.upper());
      if (index <= last) {
        grammar.report(
            index == last
                ? cursor.syntax(clause, "The SELECT has two " + clause.upper() + " clauses", null)
                : cursor.syntax(
                    clause,
                    clause.upper() + " stands behind " + CLAUSES.get(last),
                    "Write " + clause.upper() + " before " + CLAUSES.get(last)));
      }
      last = Math.max(last, index);
      hasFrom |= index == 0;
      if (!hasFrom) {
        grammar.report(
            cursor.syntax(clause, clause.upper() + " needs a FROM clause before it", null));
        hasFrom = true;
      }
      grammar
          .clauses()
          .guarded(
              level,
              true,
              () -> {
                clause(parts);
                requireFollowerOf(clause);
              });
    }
    return parts.select(cursor.place(word));
  }

  /** {@code SELECT list [WINDOW ...]} as a pipe operator. */
  SqlQuery.Select piped(FromItem from, @Nullable SqlExpression where) {
    Token word = cursor.next();
    Parts parts = new Parts();
    modifiers(parts);
    grammar.selectLists().items(parts.items);
    parts.from = from;
    parts.where = where;
    if (cursor.acceptWord("WINDOW")) {
      windows(parts.windows);
    }
    return parts.select(cursor.place(word));
  }

  private void requireFollowerOf(Token clause) {
    switch (clause.upper()) {
      case "WHERE", "HAVING", "QUALIFY" ->
          grammar
              .clauses()
              .follow(
                  "an operator, a clause or the end of the query",
                  "An operator such as AND may be missing before it");
      default -> grammar.clauses().requireFollower();
    }
  }

  private void modifiers(Parts parts) {
    if (cursor.isWord("WITH") && cursor.peek(1).isIdentifier()) {
      throw cursor.unsupported(
          cursor.peek(1), "SELECT WITH " + cursor.peek(1).upper() + " is not supported", null);
    }
    parts.distinct = cursor.acceptWord("DISTINCT");
    if (!parts.distinct) {
      cursor.acceptWord("ALL");
    }
    if (cursor.isWord("AS")) {
      Token what = cursor.peek(1);
      if (!what.isWord("STRUCT") && !what.isWord("VALUE")) {
        cursor.next();
        throw cursor.expected("STRUCT or VALUE", List.of("STRUCT", "VALUE"));
      }
      cursor.next();
      cursor.next();
      parts.as = what.upper();
    }
    if (cursor.isWord("STREAM") && cursor.peek(1).isSymbol("*") && cursor.peek(2).isWord("FROM")) {
      throw cursor.syntax(
          cursor.peek(),
          "SELECT STREAM is not part of GoogleSQL",
          "Remove STREAM: the same query runs over streams and tables");
    }
    if (cursor.isWord("TOP") && cursor.peek(1).is(Token.Kind.INTEGER)) {
      throw cursor.syntax(
          cursor.peek(),
          "TOP is not part of GoogleSQL",
          "Write LIMIT " + cursor.peek(1).text() + " at the end of the query");
    }
  }

  private void clause(Parts parts) {
    Token word = cursor.next();
    switch (word.upper()) {
      case "FROM" -> parts.from = grammar.from().from();
      case "WHERE" -> parts.where = grammar.expressions().expression();
      case "GROUP" -> {
        cursor.expectWord("BY");
        parts.groupByAll = grammar.groups().groupBy(parts.groupBy);
      }
      case "HAVING" -> parts.having = grammar.expressions().expression();
      case "QUALIFY" -> parts.qualify = grammar.expressions().expression();
      default -> windows(parts.windows);
    }
  }

  /** The items of a WINDOW clause. */
  void windows(List<SqlQuery.NamedWindow> windows) {
    do {
      Identifier name = cursor.identifier("the name of a window");
      cursor.expectWord("AS");
      Token place = cursor.peek();
      SqlExpression.Over over =
          place.isIdentifier()
              ? new SqlExpression.Over(
                  cursor.identifier("a window"), List.of(), List.of(), null, cursor.place(place))
              : grammar.calls().window(place);
      windows.add(new SqlQuery.NamedWindow(name, over));
    } while (cursor.acceptSymbol(","));
  }
}
