package dev.beamline.sql.parser;

import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses SELECT. An error in one clause is reported and the next clause read all the same, so that
 * one look shows all mistakes.
 */
final class SelectParser {

  /** In the order in which they must stand. */
  private static final List<String> CLAUSES =
      List.of("FROM", "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW");

  /** What may follow a SELECT or one of its clauses. */
  private static final Set<String> FOLLOWERS =
      Set.of(
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "ORDER",
          "LIMIT",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "FETCH");

  private final Grammar grammar;
  private final Cursor cursor;
  // Index of the last alias that was written without AS: often a clause's misspelt name.
  private int bareAlias = -1;

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
        guarded(
            level,
            true,
            () -> {
              modifiers(parts);
              items(parts.items);
              requireFollower();
            });
    int last = -1;
    // After an error the FROM may have been skipped.
    boolean hasFrom = !read;
    while (CLAUSES.contains(cursor.peek().upper())) {
      Token clause = cursor.peek();
      int index = CLAUSES.indexOf(clause.upper());
      if (index <= last) {
        report(
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
        report(cursor.syntax(clause, clause.upper() + " needs a FROM clause before it", null));
        hasFrom = true;
      }
      guarded(
          level,
          true,
          () -> {
            clause(parts);
            requireFollowerOf(clause);
          });
    }
    return parts.select(cursor.place(word));
  }

  private void requireFollowerOf(Token clause) {
    switch (clause.upper()) {
      case "WHERE", "HAVING", "QUALIFY" ->
          follow(
              "an operator, a clause or the end of the query",
              "An operator such as AND may be missing before it");
      default -> requireFollower();
    }
  }

  // --- Errors ----------------------------------------------------------------------------------

  private void report(SyntaxException error) {
    grammar.report(error);
  }

  /**
   * Parses a clause; where that fails, reports why and goes to the next clause, or behind the
   * query.
   *
   * @param level how many parentheses are around the query
   * @return whether it succeeded
   */
  boolean guarded(int level, boolean stopAtClauses, Runnable clause) {
    try {
      clause.run();
      return true;
    } catch (SyntaxException error) {
      if (error.fatal()) {
        throw error;
      }
      report(error);
      while (!cursor.atEnd()) {
        int current = cursor.level(cursor.position());
        boolean clauseStarts = stopAtClauses && isClause(cursor.position());
        if (current < level || (current == level && clauseStarts)) {
          return false;
        }
        cursor.next();
      }
      return false;
    }
  }

  /** Refuses what cannot follow a list, such as that of SELECT, FROM or GROUP BY. */
  void requireFollower(String... words) {
    follow("\",\", a clause or the end of the query", "A comma may be missing before it", words);
  }

  private void follow(String expected, String missing, String... words) {
    Token token = cursor.peek();
    if (token.is(Token.Kind.END)
        || token.isSymbol(")")
        || token.isSymbol("|>")
        || isClause(cursor.position())) {
      return;
    }
    refuseMisspeltClause();
    List<String> known = new ArrayList<>(Keywords.CLAUSES);
    known.addAll(List.of(words));
    SyntaxException error = cursor.expected(expected, known);
    boolean operand =
        token.isIdentifier() || token.is(Token.Kind.STRING) || token.is(Token.Kind.INTEGER);
    String hint =
        operand
            ? missing
            : token.isWord("SELECT") || token.isWord("WITH")
                ? "Part statements with a semicolon, or join queries with UNION ALL"
                : null;
    throw hint != null && error.diagnostic().hint() == null
        ? cursor.syntax(token, error.diagnostic().message(), hint)
        : error;
  }

  /** A misspelt keyword reads as an alias at first; what follows then makes no sense. */
  private void refuseMisspeltClause() {
    Token alias = cursor.previous();
    if (bareAlias != cursor.position() - 1) {
      return;
    }
    String found = "Expected a clause but found \"" + alias.text() + "\"";
    if (alias.isWord("OFFSET")) {
      throw cursor.syntax(alias, "OFFSET needs a LIMIT before it", "Write LIMIT n OFFSET m");
    }
    if (alias.isWord("MINUS")) {
      throw cursor.syntax(alias, found, "Write EXCEPT DISTINCT");
    }
    String meant = NearestName.of(alias.text(), Keywords.CLAUSES).orElse(null);
    if (meant != null) {
      throw cursor.syntax(alias, found, "Did you mean " + meant + "?");
    }
  }

  /** Whether a clause starts here; a reserved word that should be a name does not count. */
  private boolean isClause(int index) {
    Token token = cursor.token(index);
    if (!token.is(Token.Kind.KEYWORD) || !FOLLOWERS.contains(token.upper())) {
      return false;
    }
    Token behind = cursor.token(index + 1);
    return switch (token.upper()) {
      case "ORDER", "GROUP" -> behind.isIdentifier() || behind.isWord("BY") || behind.isWord("ALL");
      default -> !behind.isSymbol(",") && !behind.isSymbol(".") && !behind.isSymbol("=");
    };
  }

  // --- The list --------------------------------------------------------------------------------

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
    if (cursor.isWord("TOP") && cursor.peek(1).is(Token.Kind.INTEGER)) {
      throw cursor.syntax(
          cursor.peek(),
          "TOP is not part of GoogleSQL",
          "Write LIMIT " + cursor.peek(1).text() + " at the end of the query");
    }
  }

  /** The items of a SELECT list, with an optional comma behind the last. */
  private void items(List<SqlQuery.SelectItem> items) {
    do {
      if (!items.isEmpty() && endsList()) {
        return;
      }
      items.add(item());
    } while (cursor.acceptSymbol(","));
  }

  private boolean endsList() {
    Token token = cursor.peek();
    return token.isWord("FROM")
        || token.is(Token.Kind.END)
        || token.isSymbol(")")
        || token.isSymbol("|>")
        || token.isWord("UNION")
        || token.isWord("INTERSECT")
        || token.isWord("EXCEPT")
        || token.isWord("ORDER")
        || token.isWord("LIMIT");
  }

  private SqlQuery.SelectItem item() {
    if (cursor.isSymbol("*")) {
      return star(null);
    }
    SqlExpression expression = grammar.expressions().expression();
    if (cursor.isSymbol(".") && cursor.peek(1).isSymbol("*")) {
      cursor.next();
      return star(expression);
    }
    return new SqlQuery.ExpressionItem(expression, alias("an alias"));
  }

  private SqlQuery.StarItem star(@Nullable SqlExpression qualifier) {
    Token star = cursor.next();
    List<Identifier> except = new ArrayList<>();
    List<SqlQuery.ExpressionItem> replace = new ArrayList<>();
    if (cursor.isWord("EXCEPT") && cursor.peek(1).isSymbol("(")) {
      cursor.next();
      Token opening = cursor.next();
      do {
        except.add(cursor.identifier("the name of a column"));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
    } else if (cursor.isWord("EXCLUDE") && cursor.peek(1).isSymbol("(")) {
      throw cursor.syntax(
          cursor.peek(), "EXCLUDE is not part of GoogleSQL", "Write * EXCEPT (column)");
    }
    if (cursor.isWord("REPLACE") && cursor.peek(1).isSymbol("(")) {
      cursor.next();
      Token opening = cursor.next();
      do {
        SqlExpression value = grammar.expressions().expression();
        cursor.expectWord("AS");
        replace.add(new SqlQuery.ExpressionItem(value, cursor.identifier("the name of a column")));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
    }
    if (cursor.isWord("EXCEPT") && cursor.peek(1).isSymbol("(") && !replace.isEmpty()) {
      throw cursor.syntax(cursor.peek(), "EXCEPT stands before REPLACE", null);
    }
    return new SqlQuery.StarItem(qualifier, except, replace, cursor.place(star));
  }

  /** {@code AS name} or {@code name}; null where there is none. */
  @Nullable Identifier alias(String what) {
    if (cursor.acceptWord("AS")) {
      if (cursor.peek().is(Token.Kind.STRING)) {
        throw cursor.syntax(
            cursor.peek(),
            "An alias is no string",
            "Write it without quotes, or in backticks: `" + cursor.peek().text() + "`");
      }
      return cursor.identifier(what);
    }
    if (cursor.peek().isIdentifier()) {
      refuseTouching();
      bareAlias = cursor.position();
      return cursor.identifier(what);
    }
    return null;
  }

  /** A word directly behind a literal is no alias: the literal ends too early. */
  private void refuseTouching() {
    Token previous = cursor.previous();
    Token word = cursor.peek();
    if (!previous.touches(word)) {
      return;
    }
    if (previous.is(Token.Kind.STRING) || previous.is(Token.Kind.BYTES)) {
      String quote = cursor.raw(previous).substring(cursor.raw(previous).length() - 1);
      throw cursor.syntax(
          word,
          "Found " + cursor.describe(word) + " directly behind a string",
          "A quote inside a string is written \\" + quote);
    }
    if (previous.is(Token.Kind.FLOAT) || previous.is(Token.Kind.INTEGER)) {
      throw cursor.syntax(
          word,
          "Found " + cursor.describe(word) + " directly behind a number",
          "Put a space between them");
    }
  }

  // --- The clauses -----------------------------------------------------------------------------

  private void clause(Parts parts) {
    Token word = cursor.next();
    switch (word.upper()) {
      case "FROM" -> parts.from = grammar.from().from();
      case "WHERE" -> parts.where = grammar.expressions().expression();
      case "GROUP" -> {
        cursor.expectWord("BY");
        groupBy(parts);
      }
      case "HAVING" -> parts.having = grammar.expressions().expression();
      case "QUALIFY" -> parts.qualify = grammar.expressions().expression();
      default -> windows(parts.windows);
    }
  }

  private void groupBy(Parts parts) {
    if (cursor.acceptWord("ALL")) {
      parts.groupByAll = true;
      return;
    }
    do {
      parts.groupBy.add(groupItem(false));
    } while (cursor.acceptSymbol(","));
  }

  private SqlQuery.GroupItem groupItem(boolean inSet) {
    cursor.enter();
    try {
      Token word = cursor.peek();
      if (word.isWord("ROLLUP")) {
        cursor.next();
        return new SqlQuery.Rollup(groupItems(), cursor.place(word));
      }
      if (word.isWord("CUBE")) {
        cursor.next();
        return new SqlQuery.Cube(groupItems(), cursor.place(word));
      }
      if (cursor.isWords("GROUPING", "SETS")) {
        cursor.next();
        cursor.next();
        return new SqlQuery.GroupingSets(groupItems(), cursor.place(word));
      }
      if (word.isSymbol("(") && cursor.peek(1).isSymbol(")")) {
        cursor.next();
        cursor.next();
        return new SqlQuery.GroupList(List.of());
      }
      if (inSet && word.isSymbol("(") && isGroupList()) {
        return groupList();
      }
      return new SqlQuery.GroupExpression(grammar.expressions().expression());
    } finally {
      cursor.leave();
    }
  }

  /** Whether the parentheses here are the whole item, not the beginning of an expression. */
  private boolean isGroupList() {
    int closing = cursor.partner(cursor.position());
    Token behind = cursor.token(closing + 1);
    return closing >= 0
        && (behind.isSymbol(",") || behind.isSymbol(")"))
        && !grammar.expressions().startsQueryInParentheses();
  }

  private SqlQuery.GroupList groupList() {
    Token opening = cursor.next();
    List<SqlExpression> expressions = new ArrayList<>();
    do {
      expressions.add(grammar.expressions().expression());
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return new SqlQuery.GroupList(expressions);
  }

  private List<SqlQuery.GroupItem> groupItems() {
    Token opening = cursor.expectSymbol("(");
    List<SqlQuery.GroupItem> items = new ArrayList<>();
    do {
      items.add(groupItem(true));
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return items;
  }

  private void windows(List<SqlQuery.NamedWindow> windows) {
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
