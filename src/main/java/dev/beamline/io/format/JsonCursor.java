package dev.beamline.io.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the bytes of one JSON value. Takes only what is JSON for sure and plain: whatever else
 * there is (escapes in names or in what is read, deep nesting, errors) ends in {@link
 * UnusualRecordException}, and a thorough parser says what it is. One thread uses it.
 */
final class JsonCursor {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long QUOTES = 0x2222222222222222L;
  private static final long BACKSLASHES = 0x5C5C5C5C5C5C5C5CL;
  private static final long BLANKS = 0x2020202020202020L;

  private static final int MOST_NESTED = 50;
  private static final int MOST_DIGITS = 18;
  private static final int LONGEST_NUMBER = 40;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  /** The string or number that was read last: where it is, and whether it is all ASCII. */
  private int tokenStart;

  private int tokenEnd;
  private boolean tokenAscii;
  private boolean allAscii;

  void reset(byte[] record, int offset, int length) {
    bytes = record;
    at = offset;
    end = offset + length;
    allAscii = true;
  }

  byte[] bytes() {
    return bytes;
  }

  int tokenStart() {
    return tokenStart;
  }

  int tokenLength() {
    return tokenEnd - tokenStart;
  }

  boolean tokenAscii() {
    return tokenAscii;
  }

  /** Whether no byte beyond ASCII has been met. */
  boolean allAscii() {
    return allAscii;
  }

  String tokenText() {
    return new String(
        bytes,
        tokenStart,
        tokenEnd - tokenStart,
        tokenAscii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  /** The first byte of what comes next, which is left there. */
  int peek() throws UnusualRecordException {
    int i = at;
    while (i < end) {
      int b = bytes[i];
      if (b > ' ') {
        at = i;
        return b;
      }
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        break;
      }
      i++;
    }
    throw UnusualRecordException.INSTANCE;
  }

  /** Takes the byte if it is what comes next. */
  boolean take(char expected) throws UnusualRecordException {
    if (at < end && bytes[at] == expected) {
      at++;
      return true;
    }
    if (peek() == expected) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char expected) throws UnusualRecordException {
    if (!take(expected)) {
      throw UnusualRecordException.INSTANCE;
    }
  }

  /** Nothing but blanks may follow. */
  void expectEnd() throws UnusualRecordException {
    for (int i = at; i < end; i++) {
      int b = bytes[i];
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        throw UnusualRecordException.INSTANCE;
      }
    }
  }

  /** Takes a field's name, in quotes and with its colon, if just those bytes come next. */
  boolean takeName(byte[] name) {
    int length = name.length;
    if (end - at >= length && Arrays.equals(name, 0, length, bytes, at, at + length)) {
      at += length;
      return true;
    }
    return false;
  }

  /** Reads a string without escapes; its text is the token. */
  void string() throws UnusualRecordException {
    expect('"');
    int start = at;
    int i = start;
    boolean ascii = true;
    while (true) {
      i = special(i);
      if (i >= end) {
        throw UnusualRecordException.INSTANCE;
      }
      int b = bytes[i];
      if (b == '"') {
        break;
      }
      if (b >= 0) {
        throw UnusualRecordException.INSTANCE;
      }
      ascii = false;
      do {
        i++;
      } while (i < end && bytes[i] < 0);
    }
    tokenStart = start;
    tokenEnd = i;
    tokenAscii = ascii;
    allAscii &= ascii;
    at = i + 1;
  }

  /** Goes past a string, which may have simple escapes. */
  private void skipString() throws UnusualRecordException {
    at++;
    int i = at;
    while (true) {
      i = special(i);
      if (i >= end) {
        throw UnusualRecordException.INSTANCE;
      }
      int b = bytes[i];
      if (b == '"') {
        at = i + 1;
        return;
      }
      if (b < 0) {
        allAscii = false;
        i++;
      } else if (b == '\\' && i + 1 < end && isSimpleEscape(bytes[i + 1])) {
        i += 2;
      } else {
        throw UnusualRecordException.INSTANCE;
      }
    }
  }

  private static boolean isSimpleEscape(int b) {
    return switch (b) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> true;
      default -> false;
    };
  }

  /** The next byte that is a quote, a backslash, a control character or not ASCII; or the end. */
  private int special(int from) {
    int i = from;
    for (; i + 8 <= end; i += 8) {
      long word = (long) LONGS.get(bytes, i);
      long quote = word ^ QUOTES;
      long backslash = word ^ BACKSLASHES;
      long found =
          (((quote - LOW_BITS) & ~quote)
                  | ((backslash - LOW_BITS) & ~backslash)
                  | ((word - BLANKS) & ~word)
                  | word)
              & HIGH_BITS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    for (; i < end; i++) {
      int b = bytes[i];
      if (b == '"' || b == '\\' || b < ' ') {
        return i;
      }
    }
    return end;
  }

  /**
   * Reads a number; its text is the token.
   *
   * @return whether it is whole, without point and exponent
   */
  boolean number() throws UnusualRecordException {
    int start = at;
    int i = start;
    if (i < end && bytes[i] == '-') {
      i++;
    }
    int digits = i;
    i = digits(i);
    if (i == digits || (bytes[digits] == '0' && i > digits + 1)) {
      throw UnusualRecordException.INSTANCE;
    }
    boolean whole = true;
    if (i < end && bytes[i] == '.') {
      whole = false;
      int fraction = i + 1;
      i = digits(fraction);
      if (i == fraction) {
        throw UnusualRecordException.INSTANCE;
      }
    }
    if (i < end && (bytes[i] | 0x20) == 'e') {
      whole = false;
      i++;
      if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
        i++;
      }
      int exponent = i;
      i = digits(exponent);
      if (i == exponent) {
        throw UnusualRecordException.INSTANCE;
      }
    }
    if (i - start > LONGEST_NUMBER) {
      throw UnusualRecordException.INSTANCE;
    }
    tokenStart = start;
    tokenEnd = i;
    tokenAscii = true;
    at = i;
    return whole;
  }

  private int digits(int from) {
    int i = from;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    return i;
  }

  /** The token, which is a whole number, as a long. */
  long tokenLong() throws UnusualRecordException {
    int i = tokenStart;
    boolean negative = bytes[i] == '-';
    if (negative) {
      i++;
    }
    if (tokenEnd - i > MOST_DIGITS) {
      throw UnusualRecordException.INSTANCE;
    }
    long value = 0;
    for (; i < tokenEnd; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return negative ? -value : value;
  }

  /** Takes true, false or null if that comes next. */
  boolean word(String expected) throws UnusualRecordException {
    int length = expected.length();
    if (end - at < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[at + i] != expected.charAt(i)) {
        return false;
      }
    }
    at += length;
    return true;
  }

  /** Goes past any value. */
  void skip() throws UnusualRecordException {
    skip(0);
  }

  private void skip(int depth) throws UnusualRecordException {
    switch (peek()) {
      case '"' -> skipString();
      case '{' -> skipObject(depth);
      case '[' -> skipArray(depth);
      case 't' -> expectWord("true");
      case 'f' -> expectWord("false");
      case 'n' -> expectWord("null");
      default -> number();
    }
  }

  private void expectWord(String word) throws UnusualRecordException {
    if (!word(word)) {
      throw UnusualRecordException.INSTANCE;
    }
  }

  private void skipObject(int depth) throws UnusualRecordException {
    if (depth == MOST_NESTED) {
      throw UnusualRecordException.INSTANCE;
    }
    at++;
    if (take('}')) {
      return;
    }
    do {
      if (peek() != '"') {
        throw UnusualRecordException.INSTANCE;
      }
      skipString();
      expect(':');
      skip(depth + 1);
    } while (take(','));
    expect('}');
  }

  private void skipArray(int depth) throws UnusualRecordException {
    if (depth == MOST_NESTED) {
      throw UnusualRecordException.INSTANCE;
    }
    at++;
    if (take(']')) {
      return;
    }
    do {
      skip(depth + 1);
    } while (take(','));
    expect(']');
  }
}
