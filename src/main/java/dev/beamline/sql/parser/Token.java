package dev.beamline.sql.parser;

/**
 * One token.
 *
 * @param text a name without its backticks, a string without quotes and escapes (bytes as Latin-1),
 *     else as written
 * @param upper a bare word in upper case; empty for all else
 * @param start offset of the first UTF-16 unit
 * @param end offset behind the last UTF-16 unit
 * @param line 1-based
 * @param column 1-based, in code points
 * @param length code points on the first line, at least 1
 */
record Token(
    Kind kind, String text, String upper, int start, int end, int line, int column, int length) {

  /** What a token is. */
  enum Kind {
    /** A bare word that is not reserved. */
    WORD,
    /** A bare word that GoogleSQL reserves. */
    KEYWORD,
    /** A name in backticks, or any word behind a dot: never a keyword. */
    NAME,
    INTEGER,
    FLOAT,
    STRING,
    BYTES,
    /** {@code @name}; the text is the name. */
    PARAMETER,
    SYMBOL,
    /** Behind the last token of a statement. */
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** Whether this is a bare word, reserved or not, whatever its case. */
  boolean isWord(String word) {
    return upper.equals(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** Whether this can be the name of a column, table, alias ... */
  boolean isIdentifier() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }

  /** Whether the next token stands directly behind this one. */
  boolean touches(Token next) {
    return end == next.start;
  }
}
