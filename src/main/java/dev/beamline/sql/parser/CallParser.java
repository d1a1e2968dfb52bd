package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlExpression.OrderItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parses calls of functions: their arguments, the clauses inside the parentheses and behind them.
 */
final class CallParser {

  private static final Set<String> DAYS =
      Set.of("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY");

  private final Grammar grammar;
  private final Cursor cursor;

  CallParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** What a call is made of, while it is read. */
  private static final class Parts {
    String name = "";
    boolean safe;
    boolean distinct;
    List<SqlExpression> arguments = new ArrayList<>();
    @Nullable Boolean ignoreNulls;
    SqlExpression.@Nullable HavingBound having;
    List<OrderItem> orderBy = List.of();
    @Nullable SqlExpression limit;
    @Nullable SqlExpression filter;
    SqlExpression.@Nullable Over over;

    SqlExpression.Call call(Place place) {
      return new SqlExpression.Call(
          name,
          safe,
          distinct,
          arguments,
          ignoreNulls,
          having,
          orderBy,
          limit,
          filter,
          over,
          place);
    }
  }

  /** CURRENT_DATE and its like without parentheses. */
  SqlExpression niladic(Token name) {
    Parts parts = new Parts();
    parts.name = name.upper();
    return parts.call(cursor.place(name));
  }

  /**
   * A call, from its opening parenthesis on.
   *
   * @param path the function's name, which is already read
   * @param first the first token of the name
   */
  SqlExpression call(List<Identifier> path, Token first) {
    Parts parts = new Parts();
    Place place = cursor.place(first, cursor.previous());
    parts.safe = path.size() > 1 && first.isWord("SAFE");
    parts.name =
        path.stream()
            .skip(parts.safe ? 1 : 0)
            .map(part -> part.name().toUpperCase(Locale.ROOT))
            .collect(Collectors.joining("."));
    Token opening = cursor.next();
    if (parts.name.equals("TRIM") && trimsBySide()) {
      trim(parts, opening);
    } else {
      arguments(parts);
      clauses(parts);
      close(parts, opening);
    }
    SqlExpression week = weekPart(parts, place);
    if (week != null) {
      return week;
    }
    behind(parts);
    return parts.call(place);
  }

  private static @Nullable SqlExpression weekPart(Parts parts, Place place) {
    if (parts.name.equals("WEEK")
        && !parts.safe
        && parts.arguments.size() == 1
        && parts.arguments.get(0) instanceof SqlExpression.Path path
        && path.parts().size() == 1) {
      String day = path.parts().get(0).name().toUpperCase(Locale.ROOT);
      return DAYS.contains(day) ? new SqlExpression.WeekPart(day, place) : null;
    }
    return null;
  }

  // --- Inside the parentheses ------------------------------------------------------------------

  private void arguments(Parts parts) {
    if (cursor.isSymbol(")")) {
      return;
    }
    parts.distinct = cursor.acceptWord("DISTINCT");
    if (!parts.distinct) {
      cursor.acceptWord("ALL");
    }
    do {
      parts.arguments.add(argument(parts));
    } while (cursor.acceptSymbol(","));
  }

  private SqlExpression argument(Parts parts) {
    Token token = cursor.peek();
    if (token.isSymbol("*")) {
      if (!parts.name.equals("COUNT") || parts.distinct) {
        throw cursor.syntax(
            token,
            "\"*\" is an argument of COUNT(*) only",
            parts.distinct ? "Name the column: COUNT(DISTINCT column)" : null);
      }
      cursor.next();
      return new SqlExpression.Star(cursor.place(token));
    }
    if (token.isWord("SELECT") || (token.isWord("WITH") && cursor.peek(1).isIdentifier())) {
      throw cursor.syntax(
          token,
          "Expected an argument but found " + token.upper(),
          "Put a subquery in parentheses of its own: " + parts.name + "((SELECT ...))");
    }
    if (token.isWord("TABLE") && cursor.peek(1).isIdentifier()) {
      throw cursor.syntax(
          token,
          "A table is no argument of " + parts.name + " here",
          "A function over a table stands in FROM: FROM TABLE(" + parts.name + "(TABLE t, ...))");
    }
    if (token.isIdentifier() && cursor.peek(1).isSymbol("=>")) {
      Identifier name = cursor.identifier("the name of an argument");
      cursor.next();
      return new SqlExpression.NamedArgument(name, value());
    }
    return value();
  }

  private SqlExpression value() {
    if (cursor.peek().isIdentifier() && cursor.peek(1).isSymbol("->")) {
      Identifier parameter = cursor.identifier("a parameter");
      return lambda(List.of(parameter));
    }
    if (cursor.isSymbol("(")) {
      int closing = cursor.partner(cursor.position());
      if (closing >= 0 && cursor.token(closing + 1).isSymbol("->")) {
        Token opening = cursor.next();
        List<Identifier> parameters = new ArrayList<>();
        if (!cursor.isSymbol(")")) {
          do {
            parameters.add(cursor.identifier("a parameter"));
          } while (cursor.acceptSymbol(","));
        }
        cursor.closeList(opening);
        return lambda(parameters);
      }
    }
    return grammar.expressions().expression();
  }

  private SqlExpression lambda(List<Identifier> parameters) {
    Token arrow = cursor.next();
    return new SqlExpression.Lambda(
        parameters, grammar.expressions().expression(), cursor.place(arrow));
  }

  private void clauses(Parts parts) {
    nulls(parts);
    if (cursor.acceptWord("HAVING")) {
      boolean max = cursor.isWord("MAX");
      if (!max && !cursor.isWord("MIN")) {
        throw cursor.expected("MAX or MIN", List.of("MAX", "MIN"));
      }
      cursor.next();
      parts.having = new SqlExpression.HavingBound(max, grammar.expressions().expression());
    }
    if (cursor.acceptWords("ORDER", "BY")) {
      parts.orderBy = grammar.queries().orderItems();
    }
    if (cursor.acceptWord("LIMIT")) {
      parts.limit = grammar.expressions().expression();
    }
  }

  private void nulls(Parts parts) {
    boolean ignore = cursor.isWord("IGNORE");
    if (!ignore && !cursor.isWord("RESPECT")) {
      return;
    }
    Token word = cursor.next();
    cursor.expectWord("NULLS");
    if (parts.ignoreNulls != null) {
      throw cursor.syntax(word, "The call says twice what happens to NULLs", null);
    }
    parts.ignoreNulls = ignore;
  }

  private void close(Parts parts, Token opening) {
    if (cursor.isWord("FROM") && !parts.arguments.isEmpty()) {
      switch (parts.name) {
        case "TRIM" -> {
          trimFrom(parts, opening, "TRIM");
          return;
        }
        case "SUBSTRING", "SUBSTR" ->
            throw cursor.unsupported(
                cursor.peek(),
                "SUBSTRING(a FROM b FOR c) is not part of GoogleSQL",
                "Write SUBSTR(a, b, c)");
        case "OVERLAY" ->
            throw cursor.unsupported(
                cursor.peek(), "OVERLAY is not part of GoogleSQL", "Use SUBSTR and CONCAT");
        default -> {}
      }
    }
    if (cursor.isWord("TO") && (parts.name.equals("FLOOR") || parts.name.startsWith("CEIL"))) {
      throw cursor.unsupported(
          cursor.peek(),
          parts.name + "(time TO unit) is not part of GoogleSQL",
          "Write TIMESTAMP_TRUNC(time, unit)");
    }
    if (cursor.isWord("AS") && parts.name.equals("TRY_CAST")) {
      throw cursor.syntax(
          cursor.peek(), "TRY_CAST is not part of GoogleSQL", "Write SAFE_CAST(value AS type)");
    }
    if (cursor.isWord("AS")) {
      throw cursor.syntax(
          cursor.peek(),
          "An argument of " + parts.name + " cannot have an alias",
          "Only STRUCT(value AS name) names its values");
    }
    cursor.closeList(opening);
  }

  // --- TRIM of standard SQL --------------------------------------------------------------------

  private boolean trimsBySide() {
    boolean side = cursor.isWord("BOTH") || cursor.isWord("LEADING") || cursor.isWord("TRAILING");
    return (side && !cursor.peek(1).is(Token.Kind.SYMBOL)) || cursor.isWord("FROM");
  }

  private void trim(Parts parts, Token opening) {
    String function =
        switch (cursor.peek().upper()) {
          case "LEADING" -> "LTRIM";
          case "TRAILING" -> "RTRIM";
          default -> "TRIM";
        };
    if (!cursor.isWord("FROM")) {
      cursor.next();
    }
    if (!cursor.isWord("FROM")) {
      parts.arguments.add(grammar.expressions().expression());
    }
    trimFrom(parts, opening, function);
  }

  private void trimFrom(Parts parts, Token opening, String function) {
    cursor.expectWord("FROM");
    parts.name = function;
    parts.arguments.add(0, grammar.expressions().expression());
    cursor.close(opening);
  }

  // --- Behind the parentheses ------------------------------------------------------------------

  private void behind(Parts parts) {
    if (cursor.isWords("WITHIN", "GROUP")) {
      Token word = cursor.next();
      cursor.next();
      if (!parts.orderBy.isEmpty()) {
        throw cursor.syntax(word, "The call has two ORDER BY", "Keep WITHIN GROUP alone");
      }
      Token opening = cursor.expectSymbol("(");
      cursor.expectWord("ORDER");
      cursor.expectWord("BY");
      parts.orderBy = grammar.queries().orderItems();
      cursor.close(opening);
    }
    if (cursor.isWord("FILTER") && cursor.peek(1).isSymbol("(") && cursor.peek(2).isWord("WHERE")) {
      cursor.next();
      Token opening = cursor.next();
      cursor.next();
      parts.filter = grammar.expressions().expression();
      cursor.close(opening);
    }
    nulls(parts);
    if (cursor.isWord("OVER")) {
      parts.over = over();
      grammar.analyticCalls(grammar.analyticCalls() + 1);
    }
  }

  private SqlExpression.Over over() {
    Token word = cursor.next();
    if (cursor.peek().isIdentifier()) {
      return new SqlExpression.Over(
          cursor.identifier("a window"), List.of(), List.of(), null, cursor.place(word));
    }
    return window(word);
  }

  /** {@code ([base] [PARTITION BY ...] [ORDER BY ...] [frame])}. */
  SqlExpression.Over window(Token place) {
    if (!cursor.isSymbol("(")) {
      throw cursor.expected("\"(\" or the name of a window", List.of());
    }
    Token opening = cursor.next();
    if (cursor.peek().isIdentifier() && cursor.peek(1).isWord("BY")) {
      throw cursor.expected("PARTITION BY or ORDER BY", List.of("PARTITION", "ORDER"));
    }
    Identifier base =
        cursor.peek().isIdentifier() ? cursor.identifier("the name of a window") : null;
    List<SqlExpression> partitionBy = new ArrayList<>();
    if (cursor.acceptWord("PARTITION")) {
      cursor.expectWord("BY");
      do {
        partitionBy.add(grammar.expressions().expression());
      } while (cursor.acceptSymbol(","));
    }
    List<OrderItem> orderBy = List.of();
    if (cursor.acceptWord("ORDER")) {
      cursor.expectWord("BY");
      orderBy = grammar.queries().orderItems();
    }
    SqlExpression.FrameClause frame = frame();
    if (!cursor.isSymbol(")")) {
      throw cursor.expected(
          orderBy.isEmpty() ? "PARTITION BY, ORDER BY or \")\"" : "ROWS, RANGE or \")\"",
          List.of("PARTITION", "ORDER", "ROWS", "RANGE", "DESC", "ASC"));
    }
    cursor.close(opening);
    return new SqlExpression.Over(base, partitionBy, orderBy, frame, cursor.place(place));
  }

  private SqlExpression.@Nullable FrameClause frame() {
    Token unit = cursor.peek();
    if (unit.isWord("GROUPS")) {
      throw cursor.unsupported(unit, "GROUPS frames are not supported", "Use ROWS or RANGE");
    }
    if (!unit.isWord("ROWS") && !unit.isWord("RANGE")) {
      return null;
    }
    cursor.next();
    SqlExpression.FrameBound start;
    SqlExpression.FrameBound end = new SqlExpression.FrameBound("CURRENT ROW", null);
    if (cursor.acceptWord("BETWEEN")) {
      start = bound();
      cursor.expectWord("AND");
      end = bound();
    } else {
      start = bound();
    }
    if (cursor.isWord("EXCLUDE")) {
      throw cursor.unsupported(cursor.peek(), "EXCLUDE in a frame is not supported", null);
    }
    return new SqlExpression.FrameClause(unit.isWord("ROWS"), start, end, cursor.place(unit));
  }

  private SqlExpression.FrameBound bound() {
    if (cursor.acceptWord("CURRENT")) {
      cursor.expectWord("ROW");
      return new SqlExpression.FrameBound("CURRENT ROW", null);
    }
    if (cursor.acceptWord("UNBOUNDED")) {
      return new SqlExpression.FrameBound("UNBOUNDED " + direction(), null);
    }
    SqlExpression offset = grammar.expressions().expression();
    return new SqlExpression.FrameBound(direction(), offset);
  }

  private String direction() {
    if (cursor.acceptWord("PRECEDING")) {
      return "PRECEDING";
    }
    if (cursor.acceptWord("FOLLOWING")) {
      return "FOLLOWING";
    }
    if (cursor.peek().isIdentifier()) {
      throw cursor.expected("PRECEDING or FOLLOWING", List.of("PRECEDING", "FOLLOWING"));
    }
    throw cursor.syntax(
        cursor.peek(),
        "Expected PRECEDING or FOLLOWING but found " + cursor.describe(cursor.peek()),
        "Write for example ROWS BETWEEN 2 PRECEDING AND CURRENT ROW");
  }
}
