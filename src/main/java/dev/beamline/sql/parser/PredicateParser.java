package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Parses comparisons and the other predicates: LIKE, IN, BETWEEN, IS. */
final class PredicateParser {

  private final Grammar grammar;
  private final Cursor cursor;

  PredicateParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  SqlExpression comparison(SqlExpression left) {
    Token token = cursor.peek();
    if (token.is(Token.Kind.SYMBOL)) {
      cursor.next();
      refuseQuantifier(token);
      String operator = token.isSymbol("<>") ? "!=" : token.text();
      return new SqlExpression.Binary(
          operator, left, grammar.expressions().comparand(), cursor.place(token));
    }
    if (cursor.isWord("IS")) {
      return is(left);
    }
    boolean negated = cursor.acceptWord("NOT");
    Token word = cursor.next();
    Place place = cursor.place(token, word);
    return switch (word.upper()) {
      case "LIKE" -> like(left, negated, place);
      case "IN" -> in(left, negated, place);
      default -> between(left, negated, place);
    };
  }

  private void refuseQuantifier(Token operator) {
    if (cursor.isWord("ANY") || cursor.isWord("SOME") || cursor.isWord("ALL")) {
      throw cursor.unsupported(
          cursor.peek(),
          operator.text() + " " + cursor.peek().upper() + " is not part of GoogleSQL",
          operator.isSymbol("=") ? "Write IN (...)" : "Write a subquery with MIN or MAX");
    }
  }

  private SqlExpression is(SqlExpression left) {
    Token is = cursor.next();
    boolean negated = cursor.acceptWord("NOT");
    String prefix = negated ? "IS NOT " : "IS ";
    Token what = cursor.peek();
    if (cursor.acceptWord("DISTINCT")) {
      Token from = cursor.expectWord("FROM");
      return new SqlExpression.Binary(
          prefix + "DISTINCT FROM",
          left,
          grammar.expressions().comparand(),
          cursor.place(is, from));
    }
    String value =
        switch (what.upper()) {
          case "NULL", "TRUE", "FALSE" -> what.upper();
          // UNKNOWN is the NULL of truth values.
          case "UNKNOWN" -> "NULL";
          default ->
              throw cursor.expected(
                  "NULL, TRUE, FALSE or DISTINCT FROM", List.of("NULL", "TRUE", "FALSE"));
        };
    cursor.next();
    return new SqlExpression.Unary(prefix + value, left, cursor.place(is, what));
  }

  private SqlExpression like(SqlExpression left, boolean negated, Place place) {
    String operator = negated ? "NOT LIKE" : "LIKE";
    Token quantifier = cursor.peek();
    boolean all = quantifier.isWord("ALL");
    if (!all && !quantifier.isWord("ANY") && !quantifier.isWord("SOME")) {
      return new SqlExpression.Binary(operator, left, grammar.expressions().comparand(), place);
    }
    cursor.next();
    String quantified = operator + (all ? " ALL UNNEST" : " ANY UNNEST");
    if (cursor.isWord("UNNEST")) {
      cursor.next();
      Token opening = cursor.expectSymbol("(");
      SqlExpression array = grammar.expressions().expression();
      cursor.close(opening);
      return new SqlExpression.Binary(quantified, left, array, place);
    }
    if (cursor.isSymbol("(") && grammar.expressions().startsQueryInParentheses()) {
      Place opening = cursor.place(cursor.peek());
      return new SqlExpression.Binary(
          quantified,
          left,
          new SqlExpression.ArraySubquery(grammar.queries().parenthesized(), opening),
          place);
    }
    if (!cursor.isSymbol("(")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected \"(\" or UNNEST behind LIKE " + quantifier.upper(),
          "Write LIKE " + quantifier.upper() + " ('a%', 'b%')");
    }
    List<SqlExpression> patterns = grammar.expressions().list();
    List<SqlExpression> likes = new ArrayList<>();
    for (SqlExpression pattern : patterns) {
      likes.add(new SqlExpression.Binary(operator, left, pattern, place));
    }
    return grammar
        .expressions()
        .chained(all ? "AND" : "OR", likes, Collections.nCopies(likes.size() - 1, place));
  }

  private SqlExpression in(SqlExpression left, boolean negated, Place place) {
    if (cursor.isWord("UNNEST")) {
      cursor.next();
      Token opening = cursor.expectSymbol("(");
      SqlExpression array = grammar.expressions().expression();
      cursor.close(opening);
      return new SqlExpression.InUnnest(left, array, negated, place);
    }
    if (!cursor.isSymbol("(")) {
      Token found = cursor.peek();
      throw cursor.syntax(
          found,
          "Expected \"(\" or UNNEST behind IN but found " + cursor.describe(found),
          found.isIdentifier() || found.is(Token.Kind.PARAMETER)
              ? "For an array write IN UNNEST(" + cursor.raw(found) + ")"
              : null);
    }
    if (grammar.expressions().startsQueryInParentheses()) {
      return new SqlExpression.InSubquery(left, grammar.queries().parenthesized(), negated, place);
    }
    return new SqlExpression.InList(left, grammar.expressions().list(), negated, place);
  }

  private SqlExpression between(SqlExpression left, boolean negated, Place place) {
    SqlExpression low = grammar.expressions().comparand();
    if (!cursor.isWord("AND")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected AND but found " + cursor.describe(cursor.peek()),
          "Write value BETWEEN least AND greatest");
    }
    cursor.next();
    return new SqlExpression.Between(left, low, grammar.expressions().comparand(), negated, place);
  }
}
