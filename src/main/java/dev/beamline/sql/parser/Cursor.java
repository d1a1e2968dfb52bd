package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A position in the tokens of one statement, with what every parser needs to ask and to complain.
 */
final class Cursor {

  /** How deep a text may nest, so that no reader of the tree runs out of stack. */
  static final int MAX_DEPTH = 200;

  /** How high a tree may be, for the same reason. */
  static final int MAX_HEIGHT = 500;

  private final String file;
  private final String source;
  private final Token[] tokens;
  // Of each bracket its partner, of "(" and "[" onwards and of ")" and "]" backwards; -1 for none.
  private final int[] partners;
  // How many closed parentheses are around each token.
  private final int[] levels;
  // The first token from here on that is no "(".
  private final int[] behindOpenings;
  private final int[] heights = new int[MAX_DEPTH];
  private int at;
  private int depth;
  private int height;

  /**
   * A cursor at the first token.
   *
   * @param tokens of one statement; the last is of kind END
   */
  Cursor(String file, String source, List<Token> tokens) {
    this.file = file;
    this.source = source;
    this.tokens = tokens.toArray(new Token[0]);
    int count = this.tokens.length;
    partners = new int[count];
    levels = new int[count];
    behindOpenings = new int[count];
    matchBrackets();
  }

  private void matchBrackets() {
    Arrays.fill(partners, -1);
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i].isSymbol("(")) {
        open.push(i);
      } else if (tokens[i].isSymbol(")") && !open.isEmpty()) {
        int opening = open.pop();
        partners[opening] = i;
        partners[i] = opening;
      }
    }
    int level = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (partners[i] >= 0 && partners[i] < i) {
        level--;
      }
      levels[i] = level;
      if (partners[i] > i) {
        level++;
      }
    }
    for (int i = tokens.length - 1; i >= 0; i--) {
      behindOpenings[i] = tokens[i].isSymbol("(") ? behindOpenings[i + 1] : i;
    }
  }

  // --- Looking ---------------------------------------------------------------------------------

  int position() {
    return at;
  }

  Token peek() {
    return tokens[at];
  }

  Token peek(int distance) {
    return token(at + distance);
  }

  Token token(int index) {
    return tokens[Math.min(index, tokens.length - 1)];
  }

  Token previous() {
    return tokens[Math.max(0, at - 1)];
  }

  /** The partner of the parenthesis at this index; -1 where it has none. */
  int partner(int index) {
    return partners[index];
  }

  int level(int index) {
    return levels[index];
  }

  int behindOpenings(int index) {
    return behindOpenings[Math.min(index, tokens.length - 1)];
  }

  boolean atEnd() {
    return peek().is(Token.Kind.END);
  }

  boolean isWord(String word) {
    return peek().isWord(word);
  }

  boolean isWords(String first, String second) {
    return peek().isWord(first) && peek(1).isWord(second);
  }

  boolean isSymbol(String symbol) {
    return peek().isSymbol(symbol);
  }

  String raw(Token token) {
    return source.substring(token.start(), token.end());
  }

  Place place(Token token) {
    return new Place(file, token.line(), token.column(), token.length());
  }

  /** From the first to the last token where both are on one line, else the first. */
  Place place(Token first, Token last) {
    if (first.line() != last.line()) {
      return place(first);
    }
    int length = last.column() + last.length() - first.column();
    return new Place(file, first.line(), first.column(), Math.max(1, length));
  }

  Place place() {
    return place(peek());
  }

  // --- Going on --------------------------------------------------------------------------------

  Token next() {
    Token token = tokens[at];
    if (at < tokens.length - 1) {
      at++;
    }
    return token;
  }

  void moveTo(int index) {
    at = Math.min(index, tokens.length - 1);
  }

  boolean acceptWord(String word) {
    if (isWord(word)) {
      next();
      return true;
    }
    return false;
  }

  boolean acceptWords(String first, String second) {
    if (isWords(first, second)) {
      next();
      next();
      return true;
    }
    return false;
  }

  boolean acceptSymbol(String symbol) {
    if (isSymbol(symbol)) {
      next();
      return true;
    }
    return false;
  }

  Token expectWord(String word) {
    if (!isWord(word)) {
      throw expected(word, List.of(word));
    }
    return next();
  }

  Token expectSymbol(String symbol) {
    if (!isSymbol(symbol)) {
      throw expected("\"" + symbol + "\"", List.of());
    }
    return next();
  }

  /** The bracket that closes this one; a missing one is told with where it was opened. */
  Token close(Token opening) {
    return close(opening, "");
  }

  /** The same behind a list, which might also have gone on. */
  Token closeList(Token opening) {
    return close(opening, "\",\" or ");
  }

  private Token close(Token opening, String comma) {
    String symbol = opening.isSymbol("[") ? "]" : opening.isSymbol("<") ? ">" : ")";
    if (isSymbol(symbol)) {
      return next();
    }
    Token found = peek();
    String message = "Expected " + comma + "\"" + symbol + "\" but found " + describe(found);
    String opened =
        "The \""
            + opening.text()
            + "\" of line "
            + opening.line()
            + ", column "
            + opening.column()
            + " is not closed";
    boolean operand =
        !comma.isEmpty()
            && (found.isIdentifier()
                || found.is(Token.Kind.STRING)
                || found.is(Token.Kind.INTEGER));
    String hint = hintFor(found);
    if (hint == null) {
      hint = operand ? "A comma may be missing before it" : opened;
    }
    throw error(DiagnosticCode.SQL_SYNTAX, place(found), message, hint);
  }

  Identifier identifier(String what) {
    Token token = peek();
    if (token.isIdentifier()) {
      next();
      return new Identifier(token.text(), place(token));
    }
    if (token.is(Token.Kind.KEYWORD)) {
      throw error(
          DiagnosticCode.SQL_SYNTAX,
          place(token),
          "Expected " + what + " but found the reserved word " + token.upper(),
          "If it is a name, put it in backticks: `" + token.text() + "`");
    }
    throw expected(what, List.of());
  }

  // --- Complaining -----------------------------------------------------------------------------

  /** The error that something else was expected here. */
  SyntaxException expected(String what, Collection<String> words) {
    Token found = peek();
    Token suspect = found;
    String nearest = null;
    if (found.is(Token.Kind.WORD)) {
      nearest = NearestName.of(found.text(), words).orElse(null);
    }
    String hint = hintFor(found);
    if (nearest != null) {
      hint = "Did you mean " + nearest + "?";
    }
    return error(
        DiagnosticCode.SQL_SYNTAX,
        place(suspect),
        "Expected " + what + " but found " + describe(found),
        hint);
  }

  /** Hints for what other dialects write here. */
  private @Nullable String hintFor(Token found) {
    if (found.isSymbol("::")) {
      return "GoogleSQL casts with CAST(value AS type)";
    }
    if (found.isSymbol("|")) {
      return "A pipe is written |>";
    }
    if (found.isSymbol("->")) {
      return "A member of JSON is written a.b or JSON_VALUE(a, '$.b')";
    }
    if (found.isSymbol(".") && peek(1).isSymbol("*")) {
      return "A table's .* stands only in a SELECT list";
    }
    return switch (found.upper()) {
      case "COLLATE" -> "COLLATE is not supported: write LOWER(value) to ignore case";
      case "ILIKE" -> "GoogleSQL has no ILIKE: write LOWER(a) LIKE LOWER(b)";
      case "RLIKE", "REGEXP", "SIMILAR" -> "Write REGEXP_CONTAINS(value, regexp)";
      case "DIV" -> "Write DIV(a, b)";
      case "MOD" -> "Write MOD(a, b)";
      case "ESCAPE" -> "LIKE has no ESCAPE in GoogleSQL: write \\\\ before the character";
      case "AT" ->
          "AT TIME ZONE stands only in EXTRACT and CAST: write DATETIME(t, zone) or "
              + "TIMESTAMP(d, zone)";
      case "FETCH" -> "Write LIMIT n";
      case "MINUS" -> "Write EXCEPT DISTINCT";
      default -> null;
    };
  }

  /** How to call a token in a message. */
  String describe(Token token) {
    return switch (token.kind()) {
      case END -> "the end of the " + (token.text().isEmpty() ? "text" : token.text());
      case KEYWORD -> token.upper();
      case STRING, BYTES -> "the string " + shortened(raw(token));
      case INTEGER, FLOAT -> "the number " + shortened(raw(token));
      case PARAMETER -> "the parameter " + shortened(raw(token));
      case WORD, NAME, SYMBOL -> "\"" + shortened(raw(token)) + "\"";
    };
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    int length = line.codePointCount(0, line.length());
    return length <= 40 && line.length() == text.length()
        ? line
        : line.substring(0, line.offsetByCodePoints(0, Math.min(length, 37))) + "...";
  }

  SyntaxException error(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    return new SyntaxException(Diagnostic.error(code, place, message, hint), false);
  }

  SyntaxException syntax(Token token, String message, @Nullable String hint) {
    return error(DiagnosticCode.SQL_SYNTAX, place(token), message, hint);
  }

  SyntaxException unsupported(Token token, String message, @Nullable String hint) {
    return error(DiagnosticCode.SQL_UNSUPPORTED, place(token), message, hint);
  }

  /** The refusal of something that makes reading on in this statement pointless. */
  SyntaxException fatal(Token token, String message, String hint) {
    return new SyntaxException(
        Diagnostic.error(DiagnosticCode.SQL_UNSUPPORTED, place(token), message, hint), true);
  }

  // --- Depth and height ------------------------------------------------------------------------

  /**
   * Begins a rule that nests; every call needs a {@link #leave} in a finally.
   *
   * <p>Depth is counted against the parser's own stack. Height is that of the tree under the
   * running rule, which chains such as {@code a + b + c} raise without any nesting; it is counted
   * on the way since measuring a tree that is too high would itself need the stack.
   */
  void enter() {
    if (depth == MAX_DEPTH) {
      throw tooDeep(
          "The query nests more than " + MAX_DEPTH + " levels deep",
          "Split it with WITH, or into several queries");
    }
    heights[depth++] = height;
    height = 0;
  }

  /** Ends a rule that nests: its node lies over the highest of its children. */
  void leave() {
    grow();
    height = Math.max(heights[--depth], height);
  }

  /** One more node over all that the running rule has read. */
  void grow() {
    grow(1);
  }

  void grow(int nodes) {
    boolean was = height >= MAX_HEIGHT;
    height += nodes;
    if (height >= MAX_HEIGHT && !was) {
      throw tooDeep(
          "The query chains more than " + MAX_HEIGHT + " operators",
          "Put parts of the chain in parentheses");
    }
  }

  private SyntaxException tooDeep(String message, String hint) {
    return new SyntaxException(
        Diagnostic.error(DiagnosticCode.SQL_UNSUPPORTED, place(), message, hint), true);
  }
}
