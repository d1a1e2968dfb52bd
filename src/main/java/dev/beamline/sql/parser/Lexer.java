package dev.beamline.sql.parser;

import dev.beamline.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a text into tokens, after BigQuery's lexical structure. It never stops: what it cannot read
 * it reports, and goes on with what the user most likely meant.
 */
final class Lexer {

  private static final List<String> LONG_SYMBOLS =
      List.of("<=>", "<<", "<=", "<>", ">=", "!=", "||", "|>", "=>", "->", "::");

  private static final String SHORT_SYMBOLS = "+-*/%()[]{},.;:=<>|&^~";

  /** Characters that begin a long symbol. */
  private static final String LONG_STARTS = "<>!|=-:";

  private final String source;
  private final Locator locator;
  private final LexicalProblems problems;
  private final EscapeDecoder escapes;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  Lexer(String source, Locator locator, LexicalProblems problems) {
    this.source = source;
    this.locator = locator;
    this.problems = problems;
    this.escapes = new EscapeDecoder(source, problems);
  }

  /** All tokens of the text, or of as much as is worth reading; the last is of kind END. */
  List<Token> tokens() {
    skipBlanksAndComments();
    while (at < source.length() && !problems.full()) {
      token();
      skipBlanksAndComments();
    }
    int end = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).end();
    emit(Token.Kind.END, end, end, "");
    return tokens;
  }

  private void skipBlanksAndComments() {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (isBlank(c)) {
        at++;
      } else if (c == '#' || (c == '-' && next(1) == '-')) {
        while (at < source.length() && source.charAt(at) != '\n' && source.charAt(at) != '\r') {
          at++;
        }
      } else if (c == '/' && next(1) == '*') {
        int end = source.indexOf("*/", at + 2);
        if (end < 0) {
          problems.unclosed(at, at + 2, "The comment is never closed", "Close it with */");
          at = source.length();
        } else {
          at = end + 2;
        }
      } else {
        return;
      }
    }
  }

  private static boolean isBlank(char c) {
    return c <= ' '
        ? c == ' ' || (c >= '\t' && c <= '\r')
        : c >= 0x80 && (Character.isSpaceChar(c) || c == '\u0085' || c == '\uFEFF');
  }

  /** The character at this distance, or 0 behind the end. */
  private char next(int distance) {
    int i = at + distance;
    return i < source.length() ? source.charAt(i) : 0;
  }

  private void token() {
    char c = source.charAt(at);
    if (isWordStart(c)) {
      wordOrString();
    } else if (c >= '0' && c <= '9') {
      numberOrFieldName();
    } else if (c == '.') {
      point();
    } else if (c == '\'' || c == '"') {
      string(at, 0);
    } else if (c == '`') {
      quotedName();
    } else if (c == '@') {
      parameter();
    } else {
      symbolOrForeign(c);
    }
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c);
  }

  private void emit(Token.Kind kind, int start, int end, String text) {
    emit(kind, start, end, text, kind == Token.Kind.KEYWORD ? text : "");
  }

  private void emit(Token.Kind kind, int start, int end, String text, String upper) {
    int line = locator.line(start);
    int column = locator.column(start);
    tokens.add(new Token(kind, text, upper, start, end, line, column, locator.length(start, end)));
    at = Math.max(at, end);
  }

  private boolean behindPoint() {
    return !tokens.isEmpty() && tokens.get(tokens.size() - 1).isSymbol(".");
  }

  // --- Words -----------------------------------------------------------------------------------

  private void wordOrString() {
    int prefix = stringPrefix();
    if (prefix > 0) {
      string(at, prefix);
    } else if ((next(0) == 'x' || next(0) == 'X') && (next(1) == '\'' || next(1) == '"')) {
      hexadecimal();
    } else {
      word();
    }
  }

  /** The length of r, b, rb or br before a quote; 0 where there is none. */
  private int stringPrefix() {
    int length = 0;
    boolean raw = false;
    boolean bytes = false;
    while (length < 2) {
      char c = Character.toLowerCase(next(length));
      if (c == 'r' && !raw) {
        raw = true;
      } else if (c == 'b' && !bytes) {
        bytes = true;
      } else {
        break;
      }
      length++;
    }
    char quote = next(length);
    return length > 0 && (quote == '\'' || quote == '"') ? length : 0;
  }

  private void word() {
    int start = at;
    int end = at;
    boolean foreign = false;
    while (end < source.length()) {
      int c = source.codePointAt(end);
      if (c < 0x80 ? !isWordPart((char) c) : !Character.isLetterOrDigit(c)) {
        break;
      }
      foreign |= c >= 0x80;
      end += Character.charCount(c);
    }
    String text = source.substring(start, end);
    if (foreign) {
      problems.add(
          start,
          end,
          DiagnosticCode.SQL_SYNTAX,
          "The name " + text + " has letters that need backticks",
          "Write `" + text + "`");
    }
    if (behindPoint()) {
      emit(Token.Kind.NAME, start, end, text);
    } else {
      String upper = text.toUpperCase(Locale.ROOT);
      boolean reserved = Keywords.isReserved(upper);
      emit(reserved ? Token.Kind.KEYWORD : Token.Kind.WORD, start, end, text, upper);
    }
  }

  private void quotedName() {
    int start = at;
    int end = start + 1;
    while (end < source.length() && source.charAt(end) != '`') {
      char c = source.charAt(end);
      if (c == '\n' || c == '\r') {
        break;
      }
      end += c == '\\' ? 2 : 1;
    }
    if (end >= source.length() || source.charAt(end) != '`') {
      end = Math.min(end, source.length());
      problems.unclosed(
          start, start + 1, "The name in backticks is never closed", "Close it with ` on its line");
      emit(Token.Kind.NAME, start, end, source.substring(start + 1, end));
      return;
    }
    String name = escapes.decode(start + 1, end, false, false);
    if (name.isEmpty()) {
      problems.add(
          start, end + 1, DiagnosticCode.SQL_SYNTAX, "A name in backticks cannot be empty", null);
      name = "_";
    }
    emit(Token.Kind.NAME, start, end + 1, name);
  }

  // --- Numbers ---------------------------------------------------------------------------------

  private void point() {
    boolean number = isDigit(next(1)) && !followsName();
    if (number) {
      number();
    } else {
      emit(Token.Kind.SYMBOL, at, at + 1, ".");
    }
  }

  /** Whether a point here parts names, as in {@code t.2020}. */
  private boolean followsName() {
    if (tokens.isEmpty()) {
      return false;
    }
    Token last = tokens.get(tokens.size() - 1);
    return last.isIdentifier()
        || last.is(Token.Kind.PARAMETER)
        || last.isSymbol(")")
        || last.isSymbol("]");
  }

  private void numberOrFieldName() {
    if (behindPoint()) {
      word();
    } else {
      number();
    }
  }

  private void number() {
    int start = at;
    int end = at;
    boolean floating = false;
    if (next(0) == '0' && (next(1) == 'x' || next(1) == 'X')) {
      end += 2;
      int digits = end;
      while (end < source.length()
          && Character.digit(source.charAt(end), 16) >= 0
          && source.charAt(end) < 0x80) {
        end++;
      }
      if (end == digits) {
        problems.add(
            start,
            end,
            DiagnosticCode.SQL_INVALID_LITERAL,
            "The hexadecimal number has no digits",
            "Write for example 0x1F");
        emit(Token.Kind.INTEGER, start, end, "0");
        return;
      }
    } else {
      end = digits(end);
      if (end < source.length() && source.charAt(end) == '.') {
        floating = true;
        end = digits(end + 1);
      }
      int exponent = exponentEnd(end);
      if (exponent > 0) {
        floating = true;
        end = exponent;
      }
    }
    emit(
        floating ? Token.Kind.FLOAT : Token.Kind.INTEGER, start, end, source.substring(start, end));
    if (end < source.length() && isWordStart(source.charAt(end)) && !inDashedName(start, end)) {
      int wordEnd = end;
      while (wordEnd < source.length() && isWordPart(source.charAt(wordEnd))) {
        wordEnd++;
      }
      problems.add(
          start,
          wordEnd,
          DiagnosticCode.SQL_SYNTAX,
          "The number "
              + source.substring(start, end)
              + " runs into the word "
              + source.substring(end, wordEnd),
          "Put a space between them, or put a name that begins with a digit in backticks");
    }
  }

  /** Whether the number and its point belong to a table's name: {@code my-project-1.dataset}. */
  private boolean inDashedName(int start, int end) {
    int count = tokens.size();
    return source.charAt(end - 1) == '.'
        && count > 2
        && tokens.get(count - 2).isSymbol("-")
        && tokens.get(count - 2).end() == start
        && tokens.get(count - 3).isIdentifier()
        && tokens.get(count - 3).touches(tokens.get(count - 2));
  }

  private int digits(int from) {
    int end = from;
    while (end < source.length() && isDigit(source.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The end of an exponent that starts here, or 0 where there is none. */
  private int exponentEnd(int from) {
    if (from >= source.length() || Character.toLowerCase(source.charAt(from)) != 'e') {
      return 0;
    }
    int first = from + 1;
    if (first < source.length() && (source.charAt(first) == '+' || source.charAt(first) == '-')) {
      first++;
    }
    int end = digits(first);
    return end > first ? end : 0;
  }

  // --- Strings ---------------------------------------------------------------------------------

  private void string(int start, int prefix) {
    String letters = source.substring(start, start + prefix).toLowerCase(Locale.ROOT);
    boolean raw = letters.contains("r");
    boolean bytes = letters.contains("b");
    Token.Kind kind = bytes ? Token.Kind.BYTES : Token.Kind.STRING;
    char quote = source.charAt(start + prefix);
    boolean triple = source.startsWith(String.valueOf(quote).repeat(3), start + prefix);
    String closing = String.valueOf(quote).repeat(triple ? 3 : 1);
    int content = start + prefix + closing.length();
    int end = content;
    while (end < source.length() && !source.startsWith(closing, end)) {
      char c = source.charAt(end);
      if (!triple && (c == '\n' || c == '\r')) {
        break;
      }
      // A backslash keeps the next character from closing the string, raw or not.
      boolean pair = c == '\\' && end + 1 < source.length() && (triple || !isLineEnd(end + 1));
      end += pair ? 2 : 1;
    }
    if (end >= source.length() || !source.startsWith(closing, end)) {
      end = Math.min(end, source.length());
      String where = triple ? "" : " on the same line, or use " + closing.repeat(3);
      problems.unclosed(
          start,
          content,
          "The string is never closed",
          "Close it with " + closing + where + "; a quote inside is written \\" + quote);
      emit(kind, start, end, "");
      return;
    }
    emit(kind, start, end + closing.length(), escapes.decode(content, end, raw, bytes));
  }

  /** The bytes {@code x'42ff'} of standard SQL; GoogleSQL itself writes {@code b'\x42\xff'}. */
  private void hexadecimal() {
    int start = at;
    char quote = next(1);
    int end = start + 2;
    while (end < source.length() && Character.digit(source.charAt(end), 16) >= 0) {
      end++;
    }
    boolean closed = end < source.length() && source.charAt(end) == quote;
    if (!closed || (end - start) % 2 != 0) {
      problems.add(
          start,
          Math.min(closed ? end + 1 : end, source.length()),
          DiagnosticCode.SQL_INVALID_LITERAL,
          "Hexadecimal bytes are pairs of the digits 0 to F",
          "Write for example x'42ff', or b'\\x42\\xff'");
      emit(Token.Kind.BYTES, start, closed ? end + 1 : end, "");
      return;
    }
    StringBuilder bytes = new StringBuilder();
    for (int i = start + 2; i < end; i += 2) {
      bytes.append((char) Integer.parseInt(source, i, i + 2, 16));
    }
    emit(Token.Kind.BYTES, start, end + 1, bytes.toString());
  }

  private boolean isLineEnd(int offset) {
    return source.charAt(offset) == '\n' || source.charAt(offset) == '\r';
  }

  // --- The rest --------------------------------------------------------------------------------

  private void parameter() {
    int start = at;
    if (next(1) == '@') {
      int end = at + 2;
      while (end < source.length() && isWordPart(source.charAt(end))) {
        end++;
      }
      problems.add(
          start,
          end,
          DiagnosticCode.SQL_UNSUPPORTED,
          "System variables such as " + source.substring(start, end) + " are not supported",
          "Write a parameter with one @");
      emit(Token.Kind.PARAMETER, start, end, "_");
    } else if (isWordStart(next(1))) {
      int end = at + 1;
      while (end < source.length() && isWordPart(source.charAt(end))) {
        end++;
      }
      emit(Token.Kind.PARAMETER, start, end, source.substring(start + 1, end));
    } else if (next(1) == '`') {
      at++;
      quotedName();
      Token name = tokens.remove(tokens.size() - 1);
      emit(Token.Kind.PARAMETER, start, name.end(), name.text());
    } else {
      problems.add(
          start,
          start + 1,
          DiagnosticCode.SQL_SYNTAX,
          "@ has no parameter name behind it",
          "Write for example @country");
      emit(Token.Kind.PARAMETER, start, start + 1, "_");
    }
  }

  private void symbolOrForeign(char c) {
    if (LONG_STARTS.indexOf(c) >= 0) {
      for (String symbol : LONG_SYMBOLS) {
        if (source.startsWith(symbol, at)) {
          knownSymbol(symbol);
          return;
        }
      }
    }
    if (SHORT_SYMBOLS.indexOf(c) >= 0) {
      knownSymbol(String.valueOf(c));
      return;
    }
    int start = at;
    switch (c) {
      case '!' -> replace(1, Token.Kind.KEYWORD, "NOT", "GoogleSQL has no operator !", "Write NOT");
      case '?' ->
          replace(
              1,
              Token.Kind.PARAMETER,
              "_",
              "Parameters by position are not supported",
              "Give the parameter a name: @name");
      case '\u2018', '\u2019', '\u201C', '\u201D' -> typographicString(c);
      default -> {
        if (Character.isLetter(source.codePointAt(at))) {
          word();
          return;
        }
        do {
          at += Character.charCount(source.codePointAt(at));
        } while (at < source.length() && source.charAt(at) == c);
        String text = source.substring(start, at);
        problems.add(
            start,
            at,
            DiagnosticCode.SQL_SYNTAX,
            Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                ? String.format("The invisible character U+%04X is not allowed here", (int) c)
                : "The character " + text + " is not allowed here",
            c == '$' ? "Values from outside come in as parameters: @name" : null);
      }
    }
  }

  private void knownSymbol(String symbol) {
    char c = source.charAt(at);
    if (c == '=' && next(1) == '=') {
      replace(2, Token.Kind.SYMBOL, "=", "GoogleSQL has no operator ==", "Write =");
    } else if (c == '&' && next(1) == '&') {
      replace(2, Token.Kind.KEYWORD, "AND", "GoogleSQL has no operator &&", "Write AND");
    } else if (symbol.equals("<=>")) {
      replace(
          3, Token.Kind.SYMBOL, "=", "GoogleSQL has no operator <=>", "Write IS NOT DISTINCT FROM");
    } else if (c == '{' && (next(1) == '{' || next(1) == '%')) {
      template(next(1) == '{' ? "}}" : "%}");
    } else {
      emit(Token.Kind.SYMBOL, at, at + symbol.length(), symbol);
    }
  }

  private void replace(int length, Token.Kind kind, String text, String message, String hint) {
    int start = at;
    DiagnosticCode code =
        kind == Token.Kind.PARAMETER ? DiagnosticCode.SQL_UNSUPPORTED : DiagnosticCode.SQL_SYNTAX;
    problems.add(start, start + length, code, message, hint);
    emit(kind, start, start + length, text);
  }

  private void template(String closing) {
    int start = at;
    int found = source.indexOf(closing, at + 2);
    int end = found < 0 ? source.length() : found + 2;
    problems.add(
        start,
        end,
        DiagnosticCode.SQL_UNSUPPORTED,
        "Templates are not supported in SQL",
        "Name another query or source directly; values from outside come in as parameters: @name");
    emit(Token.Kind.NAME, start, end, "_");
  }

  private void typographicString(char quote) {
    int start = at;
    char closing = quote == '\u2018' || quote == '\u2019' ? '\u2019' : '\u201D';
    int end = start + 1;
    while (end < source.length() && source.charAt(end) != closing && !isLineEnd(end)) {
      end++;
    }
    boolean closed = end < source.length() && source.charAt(end) == closing;
    problems.add(
        start,
        start + 1,
        DiagnosticCode.SQL_SYNTAX,
        "The typographic quote " + quote + " does not make a string",
        closing == '\u2019' ? "Write '" : "Write \"");
    emit(Token.Kind.STRING, start, closed ? end + 1 : start + 1, "");
  }
}
