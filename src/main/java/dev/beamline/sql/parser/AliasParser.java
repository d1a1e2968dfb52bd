package dev.beamline.sql.parser;

import dev.beamline.diagnostic.NearestName;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import org.jspecify.annotations.Nullable;

/** Parses aliases. Without AS they are often mistakes: a misspelt keyword, a missing comma. */
final class AliasParser {

  private final Cursor cursor;
  // Index of the last alias that was written without AS: often a clause's misspelt name.
  private int bareAlias = -1;

  AliasParser(Grammar grammar) {
    this.cursor = grammar.cursor();
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
      if (cursor.isWord("AS")) {
        Token name = cursor.next();
        return new Identifier(name.text(), cursor.place(name));
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

  /** A misspelt keyword reads as an alias at first; what follows then makes no sense. */
  void refuseMisspeltClause() {
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
}
