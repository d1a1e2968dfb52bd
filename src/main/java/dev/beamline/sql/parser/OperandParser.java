package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses what stands between operators: literals, names, calls, parentheses, and the brackets and
 * fields behind them.
 */
final class OperandParser {

  private static final Set<String> ACCESSORS =
      Set.of("OFFSET", "SAFE_OFFSET", "ORDINAL", "SAFE_ORDINAL");

  private final Grammar grammar;
  private final Cursor cursor;

  OperandParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  SqlExpression primary() {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case INTEGER -> new SqlExpression.IntegerLiteral(cursor.next().text(), cursor.place(token));
      case FLOAT -> new SqlExpression.FloatLiteral(cursor.next().text(), cursor.place(token));
      case STRING ->
          new SqlExpression.StringLiteral(
              grammar.literals().chunks(Token.Kind.STRING), cursor.place(token));
      case BYTES -> grammar.literals().bytes();
      case PARAMETER -> new SqlExpression.Parameter(cursor.next().text(), cursor.place(token));
      case WORD, NAME -> named();
      case KEYWORD -> keyword();
      case SYMBOL -> symbol();
      case END -> throw expectedExpression();
    };
  }

  private SyntaxException expectedExpression() {
    Token token = cursor.peek();
    boolean behindComma = cursor.previous().isSymbol(",") && cursor.position() > 0;
    boolean name = token.is(Token.Kind.KEYWORD) && looksLikeName(token) && !token.isWord("FROM");
    if (behindComma && !name && !token.is(Token.Kind.SYMBOL)) {
      return cursor.syntax(
          token,
          "Expected an expression but found " + cursor.describe(token),
          "Remove the comma before it");
    }
    if (token.isSymbol("*") && cursor.previous().isSymbol("*")) {
      return cursor.syntax(token, "GoogleSQL has no operator **", "Write POW(a, b)");
    }
    if (token.is(Token.Kind.KEYWORD) && looksLikeName(token)) {
      return cursor.syntax(
          token,
          "Expected an expression but found the reserved word " + token.upper(),
          "If it is a name, put it in backticks: `" + token.text() + "`");
    }
    return cursor.expected("an expression", List.of());
  }

  /** Whether a reserved word stands where it makes sense only as a name that lacks backticks. */
  private boolean looksLikeName(Token keyword) {
    Token behind = cursor.peek(1);
    boolean nameFollows =
        behind.isSymbol(",")
            || behind.isSymbol(".")
            || behind.isSymbol("=")
            || behind.isSymbol(")")
            || behind.isWord("AS")
            || behind.isWord("FROM");
    return nameFollows || !Keywords.isStructural(keyword.upper());
  }

  private SqlExpression symbol() {
    if (cursor.isSymbol("(")) {
      return parenthesized();
    }
    if (cursor.isSymbol("[")) {
      return grammar.forms().array(cursor.peek(), null);
    }
    if (cursor.isSymbol(":") && cursor.peek(1).isIdentifier()) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected an expression but found \":\"",
          "A parameter is written @" + cursor.peek(1).text());
    }
    throw expectedExpression();
  }

  private SqlExpression parenthesized() {
    Token opening = cursor.peek();
    if (grammar.expressions().startsQueryInParentheses()) {
      return new SqlExpression.ScalarSubquery(
          grammar.queries().parenthesized(), cursor.place(opening));
    }
    List<SqlExpression> values = grammar.expressions().list();
    return values.size() == 1
        ? values.get(0)
        : new SqlExpression.StructConstructor(
            null, values, Collections.nCopies(values.size(), ""), cursor.place(opening));
  }

  private SqlExpression keyword() {
    Token token = cursor.peek();
    Token second = cursor.peek(1);
    return switch (token.upper()) {
      case "NULL" -> new SqlExpression.NullLiteral(cursor.place(cursor.next()));
      case "TRUE", "FALSE" ->
          new SqlExpression.BoolLiteral(cursor.next().isWord("TRUE"), cursor.place(token));
      case "CASE" -> grammar.forms().caseExpression();
      case "CAST" -> grammar.forms().cast(false);
      case "EXTRACT" -> grammar.forms().extract();
      case "EXISTS" -> grammar.forms().exists();
      case "INTERVAL" -> grammar.literals().interval();
      case "ARRAY" -> grammar.forms().arrayKeyword();
      case "STRUCT" -> grammar.forms().struct();
      case "SELECT" ->
          throw cursor.syntax(
              token,
              "Expected an expression but found SELECT",
              "Put a subquery in parentheses: (SELECT ...)");
      case "WITH" -> {
        if (second.isSymbol("(")) {
          yield withExpression();
        }
        throw expectedExpression();
      }
      case "UNNEST" ->
          throw cursor.syntax(
              token,
              "UNNEST stands only in FROM and behind IN",
              "Write FROM UNNEST(array), or value IN UNNEST(array)");
      case "RANGE" ->
          throw second.is(Token.Kind.STRING) || second.isSymbol("<")
              ? cursor.unsupported(
                  token,
                  "Values of type RANGE are not supported",
                  "Keep the start and the end in two columns")
              : expectedExpression();
      default -> {
        if (Keywords.isFunction(token.upper()) && second.isSymbol("(")) {
          cursor.next();
          yield grammar
              .calls()
              .call(List.of(new Identifier(token.text(), cursor.place(token))), token);
        }
        throw expectedExpression();
      }
    };
  }

  /**
   * {@code WITH(a AS 1, b AS a + 1, a * b)}: each name becomes a column of a subquery around the
   * ones before it.
   */
  private SqlExpression withExpression() {
    Token word = cursor.next();
    Place place = cursor.place(word);
    Token opening = cursor.next();
    SqlQuery.FromItem from = null;
    List<SqlExpression.Binding> bindings = new ArrayList<>();
    while (cursor.peek().isIdentifier() && cursor.peek(1).isWord("AS")) {
      Identifier name = cursor.identifier("a name");
      cursor.next();
      SqlExpression value = grammar.expressions().expression();
      bindings.add(new SqlExpression.Binding(name, value));
      SqlQuery.SelectItem item = new SqlQuery.ExpressionItem(value, name);
      List<SqlQuery.SelectItem> items = new ArrayList<>();
      if (from != null) {
        items.add(PipeInput.star(place));
      }
      items.add(item);
      from = new SqlQuery.Subquery(query(items, from, place), null, List.of(), place);
      if (!cursor.acceptSymbol(",")) {
        throw cursor.expected("\",\" and the result of WITH", List.of());
      }
    }
    if (from == null) {
      throw cursor.expected("name AS value", List.of());
    }
    SqlExpression result = grammar.expressions().expression();
    cursor.close(opening);
    List<SqlQuery.SelectItem> items = List.of(new SqlQuery.ExpressionItem(result, null));
    return new SqlExpression.With(
        bindings,
        result,
        new SqlExpression.ScalarSubquery(query(items, from, place), place),
        place);
  }

  private static SqlQuery query(
      List<SqlQuery.SelectItem> items, SqlQuery.@Nullable FromItem from, Place place) {
    return new SqlQuery(
        false,
        List.of(),
        new SqlQuery.Select(
            false, "", items, from, null, List.of(), false, null, null, List.of(), place),
        List.of(),
        null,
        null,
        place);
  }

  private SqlExpression named() {
    Token first = cursor.peek();
    Token second = cursor.peek(1);
    if (first.is(Token.Kind.WORD)) {
      if (second.is(Token.Kind.STRING) && grammar.literals().isType(first)) {
        return grammar.literals().typed();
      }
      if (grammar.literals().isZonedTimestamp()) {
        return grammar.literals().typed();
      }
      if (first.isWord("SAFE_CAST") && second.isSymbol("(")) {
        return grammar.forms().cast(true);
      }
    }
    List<Identifier> path = path();
    if (cursor.isSymbol("(")) {
      return grammar.calls().call(path, first);
    }
    if (path.size() == 1 && first.is(Token.Kind.WORD) && Keywords.isNiladic(first.upper())) {
      return grammar.calls().niladic(first);
    }
    return new SqlExpression.Path(path);
  }

  /** {@code a.b.c}; stops before {@code .*}. */
  private List<Identifier> path() {
    List<Identifier> path = new ArrayList<>();
    path.add(cursor.identifier("a name"));
    while (cursor.isSymbol(".") && !cursor.peek(1).isSymbol("*")) {
      cursor.next();
      path.add(cursor.identifier("a name"));
    }
    return path;
  }

  SqlExpression postfix(SqlExpression operand) {
    SqlExpression result = operand;
    while (true) {
      if (cursor.isSymbol("[")) {
        cursor.grow();
        result = subscript(result);
      } else if (cursor.isSymbol(".") && !cursor.peek(1).isSymbol("*")) {
        cursor.next();
        cursor.grow();
        Identifier field = cursor.identifier("the name of a field");
        if (cursor.isSymbol("(")) {
          throw cursor.unsupported(
              cursor.previous(),
              "Chained calls are not supported",
              "Write " + field.name().toUpperCase(Locale.ROOT) + "(value)");
        }
        result = new SqlExpression.FieldAccess(result, field);
      } else {
        return result;
      }
    }
  }

  private SqlExpression subscript(SqlExpression operand) {
    Token opening = cursor.next();
    Token word = cursor.peek();
    if (word.is(Token.Kind.WORD)
        && ACCESSORS.contains(word.upper())
        && cursor.peek(1).isSymbol("(")) {
      int closing = cursor.partner(cursor.position() + 1);
      if (closing >= 0 && cursor.token(closing + 1).isSymbol("]")) {
        cursor.next();
        Token parenthesis = cursor.next();
        SqlExpression index = grammar.expressions().expression();
        cursor.close(parenthesis);
        cursor.close(opening);
        return new SqlExpression.Subscript(operand, word.upper(), index, cursor.place(word));
      }
    }
    SqlExpression index = grammar.expressions().expression();
    cursor.close(opening);
    return new SqlExpression.Subscript(operand, "", index, cursor.place(opening));
  }
}
