package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import java.util.Collection;
import java.util.List;

/** Finds places in a query's text for errors that only later steps see, which know no text. */
public final class WordPlaces {

  private WordPlaces() {}

  /**
   * Where the only one of some words stands; where the text has none or several of them, where its
   * last statement, the query, begins.
   *
   * @param file of the text
   * @param words bare words in upper case
   */
  public static Place find(String file, String text, Collection<String> words) {
    Locator locator = new Locator(text, 1, 1);
    List<Token> tokens = new Lexer(text, locator, new LexicalProblems(file, locator)).tokens();
    List<Token> found = tokens.stream().filter(token -> words.contains(token.upper())).toList();
    if (found.size() == 1) {
      return place(file, found.get(0));
    }
    Token first = tokens.get(0);
    for (int i = 1; i < tokens.size() - 1; i++) {
      if (tokens.get(i - 1).isSymbol(";")) {
        first = tokens.get(i);
      }
    }
    return first.is(Token.Kind.END) ? Place.ofFile(file) : place(file, first);
  }

  private static Place place(String file, Token token) {
    return new Place(file, token.line(), token.column(), token.length());
  }
}
