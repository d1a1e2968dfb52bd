package dev.beamline.sql.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recovers from errors at clauses, and says what cannot follow one. */
final class ClauseGuard {

  /** What may follow a SELECT or one of its clauses. */
  private static final Set<String> FOLLOWERS =
      Set.of(
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "ORDER",
          "LIMIT",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "FETCH");

  private final Grammar grammar;
  private final Cursor cursor;

  ClauseGuard(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /**
   * Parses a clause; where that fails, reports why and goes to the next clause, or behind the
   * query.
   *
   * @param level how many parentheses are around the query
   * @return whether it succeeded
   */
  boolean guarded(int level, boolean stopAtClauses, Runnable clause) {
    try {
      clause.run();
      return true;
    } catch (SyntaxException error) {
      if (error.fatal()) {
        throw error;
      }
      grammar.report(error);
      while (!cursor.atEnd()) {
        int current = cursor.level(cursor.position());
        boolean clauseStarts = stopAtClauses && isClause(cursor.position());
        if (current < level || (current == level && clauseStarts)) {
          return false;
        }
        cursor.next();
      }
      return false;
    }
  }

  /** Refuses what cannot follow a list, such as that of SELECT, FROM or GROUP BY. */
  void requireFollower(String... words) {
    follow("\",\", a clause or the end of the query", "A comma may be missing before it", words);
  }

  void follow(String expected, String missing, String... words) {
    Token token = cursor.peek();
    if (token.is(Token.Kind.END)
        || token.isSymbol(")")
        || token.isSymbol("|>")
        || isClause(cursor.position())) {
      return;
    }
    grammar.aliases().refuseMisspeltClause();
    List<String> known = new ArrayList<>(Keywords.CLAUSES);
    known.addAll(List.of(words));
    SyntaxException error = cursor.expected(expected, known);
    String hint = hint(token, missing);
    throw hint != null && error.diagnostic().hint() == null
        ? cursor.syntax(token, error.diagnostic().message(), hint)
        : error;
  }

  private @Nullable String hint(Token token, String missing) {
    Token previous = cursor.previous();
    if (token.is(Token.Kind.STRING) && (previous.isIdentifier() || previous.isSymbol(")"))) {
      return "An alias is written without quotes, or in backticks";
    }
    if (token.isIdentifier() || token.is(Token.Kind.STRING) || token.is(Token.Kind.INTEGER)) {
      return missing;
    }
    Token behind = cursor.peek(1);
    if (token.isWord("WITH") && (behind.isWord("ROLLUP") || behind.isWord("CUBE"))) {
      return "Write GROUP BY " + behind.upper() + " (a, b)";
    }
    return token.isWord("SELECT") || token.isWord("WITH")
        ? "Put a semicolon between statements, or join queries with UNION ALL"
        : null;
  }

  /** Whether a clause starts here; a reserved word that should be a name does not count. */
  private boolean isClause(int index) {
    Token token = cursor.token(index);
    if (grammar.queries().startsSetOperation(index) && !token.isWord("EXCEPT")) {
      return true;
    }
    if (!token.is(Token.Kind.KEYWORD) || !FOLLOWERS.contains(token.upper())) {
      return false;
    }
    Token behind = cursor.token(index + 1);
    return switch (token.upper()) {
      case "ORDER", "GROUP" -> behind.isIdentifier() || behind.isWord("BY") || behind.isWord("ALL");
      default -> !behind.isSymbol(",") && !behind.isSymbol(".") && !behind.isSymbol("=");
    };
  }
}
