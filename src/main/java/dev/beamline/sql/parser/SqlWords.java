package dev.beamline.sql.parser;

import java.util.ArrayList;
import java.util.List;

/** The tokens of a text, for tools that look at SQL while it is being written. */
public final class SqlWords {

  private SqlWords() {}

  /** What a token is. */
  public enum Kind {
    /** A bare word that is not reserved, or a name in backticks. */
    NAME,
    /** A word that GoogleSQL reserves. */
    KEYWORD,
    /** A number, string, parameter or symbol. */
    OTHER
  }

  /**
   * A token.
   *
   * @param text a name without its backticks; else as the lexer reads it
   * @param start offset of the first UTF-16 unit
   * @param end offset behind the last one
   */
  public record Word(Kind kind, String text, int start, int end) {
    /** Whether it is this bare word or symbol, whatever its case. */
    public boolean is(String word) {
      return text.equalsIgnoreCase(word);
    }
  }

  /** All tokens in order, without comments; what cannot be read is left out. */
  public static List<Word> of(String text) {
    Locator locator = new Locator(text, 1, 1);
    List<Word> words = new ArrayList<>();
    for (Token token : new Lexer(text, locator, new LexicalProblems("", locator)).tokens()) {
      if (!token.is(Token.Kind.END)) {
        Kind kind =
            token.isIdentifier()
                ? Kind.NAME
                : token.is(Token.Kind.KEYWORD) ? Kind.KEYWORD : Kind.OTHER;
        boolean quoted = token.is(Token.Kind.STRING) || token.is(Token.Kind.BYTES);
        words.add(
            new Word(
                kind,
                quoted ? text.substring(token.start(), token.end()) : token.text(),
                token.start(),
                token.end()));
      }
    }
    return words;
  }
}
