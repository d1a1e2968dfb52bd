package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parses strings in several pieces, bytes, typed literals and intervals. */
final class LiteralParser {

  private static final Map<String, String> TYPED_LITERALS =
      Map.of(
          "DATE", "DATE",
          "TIMESTAMP", "TIMESTAMP",
          "DATETIME", "DATETIME",
          "TIME", "TIME",
          "NUMERIC", "NUMERIC",
          "DECIMAL", "NUMERIC",
          "BIGNUMERIC", "BIGNUMERIC",
          "BIGDECIMAL", "BIGNUMERIC",
          "JSON", "JSON");

  private static final List<String> INTERVAL_PARTS =
      List.of(
          "MICROSECOND",
          "MILLISECOND",
          "SECOND",
          "MINUTE",
          "HOUR",
          "DAY",
          "WEEK",
          "MONTH",
          "QUARTER",
          "YEAR");

  private final Grammar grammar;
  private final Cursor cursor;

  LiteralParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  boolean isType(Token word) {
    return TYPED_LITERALS.containsKey(word.upper());
  }

  /** {@code TIMESTAMP WITH TIME ZONE '...'} of standard SQL, which is a TIMESTAMP here. */
  boolean isZonedTimestamp() {
    return zoneWords() > 0;
  }

  private int zoneWords() {
    if (!cursor.isWords("TIMESTAMP", "WITH")) {
      return 0;
    }
    int local = cursor.peek(2).isWord("LOCAL") ? 1 : 0;
    return cursor.peek(2 + local).isWord("TIME")
            && cursor.peek(3 + local).isWord("ZONE")
            && cursor.peek(4 + local).is(Token.Kind.STRING)
        ? 3 + local
        : 0;
  }

  /** {@code DATE '2026-01-01'}. */
  SqlExpression typed() {
    int zoneWords = zoneWords();
    Token word = cursor.next();
    for (int i = 0; i < zoneWords; i++) {
      cursor.next();
    }
    Place place = cursor.place(word, cursor.peek());
    String type = TYPED_LITERALS.getOrDefault(word.upper(), word.upper());
    return new SqlExpression.TypedLiteral(type, chunks(Token.Kind.STRING), place);
  }

  /** A literal in one piece or more: {@code 'a' r'b'} is one string, as in C. */
  String chunks(Token.Kind kind) {
    Token last = cursor.next();
    if (!cursor.peek().is(kind)) {
      return last.text();
    }
    StringBuilder value = new StringBuilder(last.text());
    while (cursor.peek().is(kind)) {
      Token next = cursor.next();
      if (last.touches(next)) {
        String raw = cursor.raw(last);
        throw cursor.syntax(
            next,
            "Found " + cursor.describe(next) + " directly behind another string",
            "A quote inside a string is written \\" + raw.charAt(raw.length() - 1));
      }
      value.append(next.text());
      last = next;
    }
    return value.toString();
  }

  SqlExpression bytes() {
    Token token = cursor.peek();
    String text = chunks(Token.Kind.BYTES);
    List<Byte> value = new ArrayList<>(text.length());
    for (int i = 0; i < text.length(); i++) {
      value.add((byte) text.charAt(i));
    }
    return new SqlExpression.BytesLiteral(value, cursor.place(token));
  }

  SqlExpression interval() {
    Token word = cursor.next();
    SqlExpression value = grammar.expressions().expression();
    Token partToken = cursor.peek();
    String part = datePart();
    String toPart = cursor.acceptWord("TO") ? datePart() : null;
    if (cursor.isSymbol("(")) {
      throw cursor.unsupported(
          cursor.peek(), "Intervals have no precision in GoogleSQL", "Remove the parentheses");
    }
    return new SqlExpression.IntervalLiteral(value, part, toPart, cursor.place(word, partToken));
  }

  private String datePart() {
    Token token = cursor.peek();
    if (token.is(Token.Kind.WORD) && INTERVAL_PARTS.contains(token.upper())) {
      cursor.next();
      return token.upper();
    }
    if (token.is(Token.Kind.WORD)) {
      throw cursor.expected("an interval's part such as HOUR or DAY", INTERVAL_PARTS);
    }
    throw cursor.syntax(
        token,
        "Expected an interval's part but found " + cursor.describe(token),
        "Write for example INTERVAL 1 HOUR; the parts are " + String.join(", ", INTERVAL_PARTS));
  }
}
