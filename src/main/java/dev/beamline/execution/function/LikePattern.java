package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of LIKE: {@code %} is any text, {@code _} one character, a backslash takes the next
 * character as it is.
 */
final class LikePattern {

  private static final int ANY_TEXT = -1;
  private static final int ANY_CHARACTER = -2;

  /** Code points and the two marks. */
  private final int[] elements;

  /** Where the pattern is a text with % around it or not at all: the text. */
  private final String fixed;

  private final boolean simple;
  private final boolean anyBefore;
  private final boolean anyAfter;

  LikePattern(String pattern) {
    List<Integer> parsed = parse(pattern);
    elements = parsed.stream().mapToInt(Integer::intValue).toArray();
    int from = 0;
    int to = elements.length;
    while (from < to && elements[from] == ANY_TEXT) {
      from++;
    }
    while (to > from && elements[to - 1] == ANY_TEXT) {
      to--;
    }
    anyBefore = from > 0;
    anyAfter = to < elements.length;
    StringBuilder text = new StringBuilder();
    boolean plain = true;
    for (int i = from; i < to; i++) {
      plain &= elements[i] >= 0;
      if (elements[i] >= 0) {
        text.appendCodePoint(elements[i]);
      }
    }
    simple = plain;
    fixed = text.toString();
  }

  private static List<Integer> parse(String pattern) {
    List<Integer> elements = new ArrayList<>();
    for (int i = 0; i < pattern.length(); ) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (c == '%') {
        if (elements.isEmpty() || elements.get(elements.size() - 1) != ANY_TEXT) {
          elements.add(ANY_TEXT);
        }
      } else if (c == '_') {
        elements.add(ANY_CHARACTER);
      } else if (c == '\\') {
        if (i == pattern.length()) {
          throw new EvaluationException("LIKE pattern ends with a backslash");
        }
        int escaped = pattern.codePointAt(i);
        i += Character.charCount(escaped);
        elements.add(escaped);
      } else {
        elements.add(c);
      }
    }
    return elements;
  }

  boolean matches(String text) {
    if (!simple) {
      return matchesElements(text);
    } else if (fixed.isEmpty() && (anyBefore || anyAfter)) {
      return true;
    } else if (anyBefore) {
      return anyAfter ? text.contains(fixed) : text.endsWith(fixed);
    }
    return anyAfter ? text.startsWith(fixed) : text.equals(fixed);
  }

  /** Goes back only to the last %: what came before it has matched as early as it can. */
  private boolean matchesElements(String text) {
    int at = 0;
    int element = 0;
    int retryAt = -1;
    int retryElement = -1;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (element < elements.length && elements[element] == ANY_TEXT) {
        retryElement = ++element;
        retryAt = at;
      } else if (element < elements.length
          && (elements[element] == ANY_CHARACTER || elements[element] == c)) {
        element++;
        at += Character.charCount(c);
      } else if (retryElement >= 0) {
        retryAt += Character.charCount(text.codePointAt(retryAt));
        at = retryAt;
        element = retryElement;
      } else {
        return false;
      }
    }
    while (element < elements.length && elements[element] == ANY_TEXT) {
      element++;
    }
    return element == elements.length;
  }
}
