package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parses GoogleSQL. Mistakes become diagnostics; nothing is thrown, whatever the text. No tree is
 * higher than {@link #MAX_HEIGHT}, so that recursive readers of it are safe.
 */
public final class SqlParser {

  /** The most nodes between the root of a tree and a leaf, both included. */
  public static final int MAX_HEIGHT = Cursor.MAX_HEIGHT;

  /** Errors that one statement reports at most; more are seldom of use. */
  private static final int MAX_ERRORS = 20;

  private SqlParser() {}

  /**
   * Parses the statements of a file, which semicolons part. An error in one does not hide the
   * others.
   *
   * @param file path for places, relative to the project's folder
   */
  public static ParsedFile parse(String file, String text, Problems problems) {
    Locator locator = new Locator(text, 1, 1);
    LexicalProblems lexical = new LexicalProblems(file, locator);
    List<Token> tokens = new Lexer(text, locator, lexical).tokens();
    List<ParsedStatement> parsed = new ArrayList<>();
    int first = 0;
    int from = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.isSymbol(";") || token.is(Token.Kind.END)) {
        int to = token.is(Token.Kind.END) ? Integer.MAX_VALUE : token.end();
        List<LexicalProblems.Found> own = lexical.between(from, to);
        if (i > first) {
          parsed.add(statement(file, text, terminated(tokens.subList(first, i + 1)), own));
        } else {
          own.forEach(found -> problems.add(found.diagnostic()));
        }
        first = i + 1;
        from = token.end();
      }
    }
    parsed.forEach(statement -> problems.addAll(statement.problems()));
    return new ParsedFile(parsed);
  }

  /**
   * Parses one expression.
   *
   * @param line where the text stands in the file, 1-based
   * @param column where the text's first character stands in its line, 1-based
   * @return null where it has errors
   */
  public static @Nullable SqlExpression parseExpression(
      String file, int line, int column, String text, Problems problems) {
    return single(
        file, line, column, text, problems, grammar -> grammar.expressions().expression());
  }

  /**
   * Parses a type such as {@code STRUCT<id STRING, price NUMERIC>}.
   *
   * @param line where the text stands in the file, 1-based
   * @param column where the text's first character stands in its line, 1-based
   * @return null where it has errors
   */
  public static @Nullable SqlType parseType(
      String file, int line, int column, String text, Problems problems) {
    return single(file, line, column, text, problems, grammar -> grammar.types().type());
  }

  private static <T> @Nullable T single(
      String file,
      int line,
      int column,
      String text,
      Problems problems,
      Function<Grammar, T> rule) {
    Locator locator = new Locator(text, line, column);
    LexicalProblems lexical = new LexicalProblems(file, locator);
    List<Token> tokens = new Lexer(text, locator, lexical).tokens();
    Errors errors = new Errors(lexical.found());
    T result =
        parse(
            file,
            text,
            tokens,
            errors,
            grammar -> {
              T parsed = rule.apply(grammar);
              if (!grammar.cursor().atEnd()) {
                throw grammar.cursor().expected("the end of the text", List.of());
              }
              return parsed;
            });
    problems.addAll(errors.list());
    return result;
  }

  private static ParsedStatement statement(
      String file, String text, List<Token> tokens, List<LexicalProblems.Found> lexical) {
    Errors errors = new Errors(lexical);
    SqlStatement statement =
        parse(file, text, tokens, errors, grammar -> new StatementParser(grammar).statement());
    Token first = tokens.get(0);
    Token last = tokens.get(tokens.size() - 2);
    return new ParsedStatement(
        statement,
        text.substring(first.start(), last.end()),
        first.start(),
        last.end(),
        new Place(file, first.line(), first.column(), first.length()),
        errors.list());
  }

  /** Parses and gives null where there was any error. */
  private static <T> @Nullable T parse(
      String file, String text, List<Token> tokens, Errors errors, Function<Grammar, T> rule) {
    Cursor cursor = new Cursor(file, text, tokens);
    try {
      T parsed = rule.apply(new Grammar(cursor, errors::add));
      return errors.list().isEmpty() ? parsed : null;
    } catch (SyntaxException error) {
      errors.add(error.diagnostic());
      return null;
    }
  }

  /** The same tokens with an END in place of the semicolon. */
  private static List<Token> terminated(List<Token> tokens) {
    List<Token> terminated = new ArrayList<>(tokens);
    Token last = terminated.remove(terminated.size() - 1);
    boolean semicolon = last.isSymbol(";");
    terminated.add(
        new Token(
            Token.Kind.END,
            semicolon ? "statement" : "",
            "",
            last.start(),
            last.start(),
            last.line(),
            last.column(),
            1));
    return terminated;
  }

  /** The errors of one statement. */
  private static final class Errors {
    private final List<LexicalProblems.Found> lexical;
    private final List<Diagnostic> found = new ArrayList<>();

    Errors(List<LexicalProblems.Found> lexical) {
      this.lexical = lexical;
      lexical.stream().limit(MAX_ERRORS).forEach(f -> found.add(f.diagnostic()));
    }

    /** Adds an error, unless it only follows from what the lexer could not read. */
    void add(Diagnostic error) {
      boolean follows = lexical.stream().anyMatch(f -> f.explains(error.place()));
      if (!follows && found.size() < MAX_ERRORS && !found.contains(error)) {
        found.add(error);
      }
    }

    List<Diagnostic> list() {
      return found;
    }
  }
}
