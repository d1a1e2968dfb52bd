package dev.beamline.project;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code ${NAME}} and {@code ${NAME:-default}} in YAML. They are to be replaced in values only,
 * after YAML is parsed, so that what a variable holds can never become structure; yet {@code
 * {topic: ${TOPIC}}} is no YAML as it stands. So before parsing each reference is written,
 * character by character, in letters of a private area of Unicode that YAML reads as plain text,
 * and places stay what they were. {@code $${NAME}} is the text {@code ${NAME}}. {@code
 * ${file:PATH}} is what a file holds, {@code ${secret:NAME}} what Secret Manager does.
 */
final class Variables {

  private static final char OPEN = '\uE000';
  private static final char CLOSE = '\uE001';
  private static final char LITERAL = '\uE002';
  private static final char SHIFT = '\uE100';
  private static final char LAST = '\uE17F';
  private static final int DEEPEST = 10;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*|file:[^\\s:][^:]*|secret:[A-Za-z0-9_./-]+");

  private Variables() {}

  /** Whether a character is one of those this class writes: a file must not hold it. */
  static boolean isReserved(char c) {
    return c >= OPEN && c <= LAST;
  }

  /** The text of the same length in which references are safe for the YAML parser. */
  static String protect(String text) {
    if (!text.contains("${")) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      boolean literal = text.startsWith("$${", i);
      if (!literal && !text.startsWith("${", i)) {
        out.append(text.charAt(i++));
        continue;
      }
      int end = end(text, literal ? i + 1 : i);
      if (end < 0) {
        out.append(text.charAt(i++));
        continue;
      }
      out.append(literal ? LITERAL : OPEN);
      for (int j = i + 1; j < end - 1; j++) {
        char c = text.charAt(j);
        out.append(c >= ' ' && c <= '~' ? (char) (SHIFT + c) : c);
      }
      out.append(CLOSE);
      i = end;
    }
    return out.toString();
  }

  /** Where the reference that starts with a dollar and a brace here ends; -1: not on this line. */
  private static int end(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        return -1;
      }
      if (c == '{' && text.charAt(i - 1) == '$') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /** Whether there is anything to {@link #replace}. */
  static boolean isIn(String protectedText) {
    return protectedText.indexOf(OPEN) >= 0 || protectedText.indexOf(LITERAL) >= 0;
  }

  /** The text as the user wrote it. */
  static String reveal(String protectedText) {
    if (!isIn(protectedText)) {
      return protectedText;
    }
    StringBuilder out = new StringBuilder(protectedText.length());
    for (int i = 0; i < protectedText.length(); i++) {
      char c = protectedText.charAt(i);
      if (c == OPEN || c == LITERAL) {
        out.append('$');
      } else if (c == CLOSE) {
        out.append('}');
      } else {
        out.append(c >= SHIFT && c <= LAST ? (char) (c - SHIFT) : c);
      }
    }
    return out.toString();
  }

  /** A reference that has no value: which of the text's references it is, and why. */
  record Failure(int index, String reference, @Nullable String unset) {}

  /**
   * Replaces the references of a parsed scalar.
   *
   * @param environment null for what is unset
   * @param failures gets those that have no value
   */
  static String replace(
      String protectedText,
      Function<String, @Nullable String> environment,
      List<Failure> failures) {
    StringBuilder out = new StringBuilder();
    int index = 0;
    int i = 0;
    while (i < protectedText.length()) {
      char c = protectedText.charAt(i);
      if (c != OPEN && c != LITERAL) {
        out.append(c);
        i++;
        continue;
      }
      int end = protectedText.indexOf(CLOSE, i) + 1;
      String reference = reveal(protectedText.substring(i, end));
      if (c == LITERAL) {
        out.append(reference.substring(1));
      } else {
        List<Failure> own = new ArrayList<>();
        int at = index;
        out.append(
            value(reference, environment, unset -> new Failure(at, reference, unset), own, 0));
        failures.addAll(own);
      }
      index++;
      i = end;
    }
    return out.toString();
  }

  private static String value(
      String reference,
      Function<String, @Nullable String> environment,
      Function<@Nullable String, Failure> failure,
      List<Failure> failures,
      int depth) {
    String inner = reference.substring(2, reference.length() - 1);
    int dash = inner.indexOf(":-");
    String name = dash < 0 ? inner : inner.substring(0, dash);
    if (!NAME.matcher(name).matches() || depth > DEEPEST) {
      failures.add(failure.apply(null));
      return "";
    }
    String set = environment.apply(name);
    if (set != null && (dash < 0 || !set.isEmpty())) {
      return set;
    }
    if (dash < 0) {
      failures.add(failure.apply(name));
      return "";
    }
    return nested(
        inner.substring(dash + 2), part -> value(part, environment, failure, failures, depth + 1));
  }

  private static String nested(String text, UnaryOperator<String> value) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      int end = text.startsWith("${", i) ? end(text, i) : -1;
      if (end < 0) {
        out.append(text.charAt(i++));
      } else {
        out.append(value.apply(text.substring(i, end)));
        i = end;
      }
    }
    return out.toString();
  }
}
