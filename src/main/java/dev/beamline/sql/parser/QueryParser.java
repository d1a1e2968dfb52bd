package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlExpression.OrderItem;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses query expressions: WITH, set operations, ORDER BY and LIMIT. */
final class QueryParser {

  /** Reserved words with which a value begins. */
  private static final Set<String> ROW_KEYWORDS =
      Set.of("NULL", "TRUE", "FALSE", "CAST", "CASE", "INTERVAL", "ARRAY", "STRUCT", "EXTRACT");

  private final Grammar grammar;
  private final Cursor cursor;

  QueryParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  // --- Is it a query? --------------------------------------------------------------------------

  /** Whether a query expression starts here. VALUES counts only where a table is wanted. */
  private boolean startsQuery(int index) {
    Token token = cursor.token(index);
    return token.isWord("SELECT")
        || token.isWord("FROM")
        || (token.isWord("WITH") && !cursor.token(index + 1).isSymbol("("));
  }

  boolean startsValues(int index) {
    return cursor.token(index).isWord("VALUES")
        && cursor.token(index).is(Token.Kind.WORD)
        && startsRow(index + 1);
  }

  /** Whether what stands behind VALUES is a row: nothing that could stand behind a name. */
  private boolean startsRow(int index) {
    Token token = cursor.token(index);
    return switch (token.kind()) {
      case INTEGER, FLOAT, STRING, BYTES, PARAMETER -> true;
      case SYMBOL -> token.isSymbol("(");
      case KEYWORD -> ROW_KEYWORDS.contains(token.upper());
      case WORD -> cursor.token(index + 1).is(Token.Kind.STRING);
      default -> false;
    };
  }

  /**
   * Whether the parenthesis at this index holds a query, as in {@code ((SELECT 1) UNION ALL (SELECT
   * 2))}, and no expression or join that only begins with one, as in {@code ((SELECT 1) + 1)}.
   */
  boolean isQueryInParentheses(int opening) {
    int inner = cursor.behindOpenings(opening);
    boolean values = startsValues(inner);
    if (inner == opening || !(startsQuery(inner) || values)) {
      return false;
    }
    for (int i = inner - 2; i >= opening; i--) {
      int closing = cursor.partner(i + 1);
      if (closing < 0) {
        return true;
      }
      Token behind = cursor.token(closing + 1);
      boolean query =
          behind.isSymbol(")")
              || behind.isSymbol("|>")
              || behind.isWord("UNION")
              || behind.isWord("INTERSECT")
              || behind.isWord("EXCEPT")
              || behind.isWord("ORDER")
              || behind.isWord("LIMIT")
              || behind.is(Token.Kind.END);
      if (!query) {
        return false;
      }
    }
    return true;
  }

  // --- Queries ---------------------------------------------------------------------------------

  /** {@code (query)}; further parentheses around it change nothing and are left out. */
  SqlQuery parenthesized() {
    Token opening = cursor.expectSymbol("(");
    SqlQuery query = query();
    cursor.close(opening);
    return unwrapped(query);
  }

  private static SqlQuery unwrapped(SqlQuery query) {
    SqlQuery inner = query;
    while (inner.with().isEmpty()
        && inner.orderBy().isEmpty()
        && inner.limit() == null
        && inner.offset() == null
        && inner.body() instanceof SqlQuery.Nested nested) {
      inner = nested.query();
    }
    return inner;
  }

  SqlQuery query() {
    cursor.enter();
    try {
      Place place = cursor.place();
      int level = cursor.level(cursor.position());
      boolean recursive = false;
      List<SqlQuery.CommonTable> with = new ArrayList<>();
      if (cursor.acceptWord("WITH")) {
        recursive = cursor.acceptWord("RECURSIVE");
        do {
          with.add(commonTable());
        } while (cursor.acceptSymbol(","));
      }
      int analytic = grammar.analyticCalls();
      SqlQuery query = piped(level);
      grammar.analyticCalls(analytic);
      return with.isEmpty()
          ? new SqlQuery(
              false,
              query.with(),
              query.body(),
              query.orderBy(),
              query.limit(),
              query.offset(),
              place)
          : new SqlQuery(
              recursive, with, query.body(), query.orderBy(), query.limit(), query.offset(), place);
    } finally {
      cursor.leave();
    }
  }

  /** What stands behind WITH: a query, or FROM, and pipe operators. */
  private SqlQuery piped(int level) {
    Token first = cursor.peek();
    if (cursor.acceptWord("FROM")) {
      PipeInput input = PipeInput.of(grammar.from().from(), cursor.place(first));
      refuseClauses();
      return grammar.pipes().pipes(input);
    }
    SqlQuery.Body body = body();
    Identifier alias = null;
    if (body instanceof SqlQuery.Nested && cursor.isWord("AS") && cursor.peek(2).isSymbol("|>")) {
      cursor.next();
      alias = cursor.identifier("an alias");
    }
    Tail tail = new Tail();
    grammar.clauses().guarded(level, false, () -> tail(tail));
    SqlQuery query =
        new SqlQuery(
            false, List.of(), body, tail.orderBy, tail.limit, tail.offset, cursor.place(first));
    return cursor.isSymbol("|>")
        ? grammar.pipes().pipes(PipeInput.of(unwrapped(query), alias))
        : query;
  }

  /** A query that begins with FROM goes on with pipes alone. */
  private void refuseClauses() {
    Token token = cursor.peek();
    switch (token.upper()) {
      case "SELECT", "WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "QUALIFY" ->
          throw cursor.fatal(
              token,
              token.upper() + " in a query that begins with FROM needs a pipe",
              "Write |> "
                  + (token.isWord("GROUP") ? "AGGREGATE ... GROUP" : token.upper())
                  + ", or begin with SELECT");
      default -> grammar.clauses().requireFollower();
    }
  }

  /** What follows the body. */
  static final class Tail {
    List<OrderItem> orderBy = List.of();
    @Nullable SqlExpression limit;
    @Nullable SqlExpression offset;
  }

  private SqlQuery.CommonTable commonTable() {
    if (cursor.isWord("SELECT")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected the name of a common table but found SELECT",
          "Remove the comma before it");
    }
    Identifier name = cursor.identifier("the name of a common table");
    if (cursor.isSymbol("(")) {
      throw cursor.unsupported(
          cursor.peek(),
          "A common table takes no list of columns in GoogleSQL",
          "Name the columns in its SELECT");
    }
    cursor.expectWord("AS");
    if (!cursor.isSymbol("(")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected \"(\" but found " + cursor.describe(cursor.peek()),
          "Write WITH " + name.name() + " AS (SELECT ...)");
    }
    return new SqlQuery.CommonTable(name, parenthesized());
  }

  private SqlQuery.Body body() {
    SqlQuery.Body left = operand();
    String operator = "";
    boolean all = false;
    while (startsSetOperation(cursor.position())) {
      String mode = byNameMode();
      Token token = cursor.next();
      boolean nextAll = allOrDistinct(token);
      if (!operator.isEmpty() && !(operator.equals(token.upper()) && all == nextAll)) {
        throw cursor.syntax(
            token,
            "Different set operations cannot follow each other",
            "Say with parentheses which comes first: (... UNION ALL ...) EXCEPT DISTINCT ...");
      }
      cursor.grow();
      operator = token.upper();
      all = nextAll;
      SqlQuery.ByName byName = byName(mode, token);
      left = new SqlQuery.SetOperation(operator, all, byName, left, operand(), cursor.place(token));
    }
    return left;
  }

  /** Whether UNION, INTERSECT or EXCEPT stands here, perhaps behind INNER, LEFT or FULL. */
  boolean startsSetOperation(int index) {
    Token token = cursor.token(index);
    if (token.isWord("UNION") || token.isWord("INTERSECT") || token.isWord("EXCEPT")) {
      return true;
    }
    if (!token.isWord("INNER") && !token.isWord("LEFT") && !token.isWord("FULL")) {
      return false;
    }
    Token behind = cursor.token(cursor.token(index + 1).isWord("OUTER") ? index + 2 : index + 1);
    return behind.isWord("UNION") || behind.isWord("INTERSECT") || behind.isWord("EXCEPT");
  }

  /** Reads INNER, LEFT [OUTER] or FULL [OUTER] before a set operation; empty where none is. */
  String byNameMode() {
    if (cursor.isWord("UNION") || cursor.isWord("INTERSECT") || cursor.isWord("EXCEPT")) {
      return "";
    }
    String mode = cursor.next().upper();
    cursor.acceptWord("OUTER");
    return mode;
  }

  /** {@code BY NAME [ON (columns)]} or {@code [STRICT] CORRESPONDING [BY (columns)]}. */
  SqlQuery.@Nullable ByName byName(String mode, Token operator) {
    String list;
    String wanted = mode;
    if (cursor.acceptWords("BY", "NAME")) {
      list = "ON";
    } else if (cursor.acceptWords("STRICT", "CORRESPONDING")) {
      list = "BY";
    } else if (cursor.acceptWord("CORRESPONDING")) {
      list = "BY";
      wanted = mode.isEmpty() ? "INNER" : mode;
    } else if (!mode.isEmpty()) {
      throw cursor.syntax(
          operator,
          mode + " " + operator.upper() + " matches columns by name",
          "Write " + mode + " " + operator.upper() + " ALL BY NAME");
    } else {
      return null;
    }
    List<Identifier> columns = new ArrayList<>();
    if (cursor.acceptWord(list)) {
      Token opening = cursor.expectSymbol("(");
      do {
        columns.add(cursor.identifier("the name of a column"));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
    }
    return new SqlQuery.ByName(wanted, columns);
  }

  /** Reads ALL or DISTINCT; true for ALL. */
  boolean allOrDistinct(Token operator) {
    if (cursor.acceptWord("ALL")) {
      return true;
    }
    if (cursor.acceptWord("DISTINCT")) {
      return false;
    }
    boolean union = operator.isWord("UNION");
    throw cursor.syntax(
        operator,
        "Expected ALL or DISTINCT behind "
            + operator.upper()
            + " but found "
            + cursor.describe(cursor.peek()),
        union
            ? "Write UNION ALL to keep equal rows, UNION DISTINCT to keep one of them"
            : "Write " + operator.upper() + " DISTINCT");
  }

  private SqlQuery.Body operand() {
    Token token = cursor.peek();
    if (token.isWord("SELECT")) {
      return grammar.selects().select();
    }
    if (token.isSymbol("(")) {
      return new SqlQuery.Nested(parenthesized());
    }
    if (startsValues(cursor.position())) {
      return values();
    }
    if (token.isWord("FROM")) {
      throw cursor.syntax(
          token,
          "A query that begins with FROM must stand in parentheses here",
          "Write (FROM ... |> ...)");
    }
    throw cursor.expected("SELECT", List.of("SELECT", "WITH", "VALUES"));
  }

  /** {@code VALUES (1, 'a'), (2, 'b')}. */
  private SqlQuery.Values values() {
    Token word = cursor.next();
    List<List<SqlExpression>> rows = new ArrayList<>();
    do {
      rows.add(row());
    } while (cursor.acceptSymbol(","));
    return new SqlQuery.Values(rows, cursor.place(word));
  }

  /** {@code (1, 'a')}; standard SQL lets a row of one value stand without parentheses. */
  private List<SqlExpression> row() {
    if (!cursor.isSymbol("(")) {
      return List.of(grammar.expressions().expression());
    }
    Token opening = cursor.next();
    List<SqlExpression> row = new ArrayList<>();
    do {
      row.add(grammar.expressions().expression());
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return row;
  }

  // --- ORDER BY and LIMIT ----------------------------------------------------------------------

  private void tail(Tail tail) {
    if (cursor.acceptWord("ORDER")) {
      cursor.expectWord("BY");
      tail.orderBy = orderItems();
    }
    if (cursor.isWord("LIMIT")) {
      limit(tail);
    } else if (cursor.isWord("OFFSET")) {
      throw cursor.syntax(
          cursor.peek(), "OFFSET needs a LIMIT before it", "Write LIMIT n OFFSET m");
    }
    if (cursor.isWord("FETCH")) {
      throw cursor.syntax(
          cursor.peek(),
          "FETCH FIRST is not part of GoogleSQL",
          "Write LIMIT " + (cursor.peek(2).is(Token.Kind.INTEGER) ? cursor.peek(2).text() : "n"));
    }
    if (cursor.isWord("UNION") || cursor.isWord("INTERSECT") || cursor.isWord("EXCEPT")) {
      throw cursor.syntax(
          cursor.peek(),
          "ORDER BY and LIMIT stand behind the last SELECT of a " + cursor.peek().upper(),
          "To order or limit one SELECT of it, put that one in parentheses");
    }
    grammar.clauses().requireFollower("DESC", "ASC", "LIMIT", "OFFSET", "NULLS");
  }

  /** LIMIT and OFFSET, from the word LIMIT on. */
  void limit(Tail tail) {
    cursor.next();
    if (!cursor.acceptWord("ALL")) {
      tail.limit = grammar.expressions().expression();
    }
    if (cursor.isSymbol(",")) {
      throw cursor.syntax(
          cursor.peek(), "LIMIT takes one number", "Write LIMIT count OFFSET skipped");
    }
    if (cursor.acceptWord("OFFSET")) {
      tail.offset = grammar.expressions().expression();
    }
  }

  List<OrderItem> orderItems() {
    List<OrderItem> items = new ArrayList<>();
    do {
      items.add(orderItem());
    } while (cursor.acceptSymbol(","));
    return items;
  }

  private OrderItem orderItem() {
    SqlExpression expression = grammar.expressions().expression();
    if (cursor.isWord("COLLATE")) {
      throw cursor.unsupported(
          cursor.peek(), "COLLATE is not supported", "Order by LOWER(value) to ignore case");
    }
    boolean descending = cursor.acceptWord("DESC");
    if (!descending) {
      cursor.acceptWord("ASC");
    }
    return new OrderItem(expression, descending, nullsFirst());
  }

  /** {@code NULLS FIRST} or {@code NULLS LAST}; null where neither is written. */
  @Nullable Boolean nullsFirst() {
    if (!cursor.acceptWord("NULLS")) {
      return null;
    }
    boolean first = cursor.isWord("FIRST");
    if (!first && !cursor.isWord("LAST")) {
      throw cursor.expected("FIRST or LAST", List.of("FIRST", "LAST"));
    }
    cursor.next();
    return first;
  }
}
