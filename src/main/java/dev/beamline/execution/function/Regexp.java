package dev.beamline.execution.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A regular expression of RE2's syntax, which takes linear time whatever the text is. */
final class Regexp {

  private final Pattern pattern;

  Regexp(String pattern) {
    try {
      this.pattern = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new EvaluationException("Cannot parse regular expression: " + e.getMessage());
    }
  }

  /** Checks a regular expression of the extracting functions. */
  static void checkOneGroup(String pattern) {
    new Regexp(pattern).requireOneGroup();
  }

  private void requireOneGroup() {
    if (pattern.groupCount() > 1) {
      throw new EvaluationException(
          "Regular expressions passed into extraction functions must not have more than 1"
              + " capturing group");
    }
  }

  boolean contains(String text) {
    return pattern.matcher(text).find();
  }

  /**
   * A match of the extracting functions.
   *
   * @param group the only capturing group, or all where there is none; null where the group took no
   *     part
   * @param groupEnd where that ends
   * @param next where the search goes on
   */
  record Match(@Nullable String group, int groupEnd, int next) {}

  /** The matches one after the other, from an index of the text on. */
  private final class Matches {
    private final String text;
    private final Matcher matcher;
    private int position;
    private boolean ended;

    Matches(String text, int from) {
      requireOneGroup();
      this.text = text;
      this.matcher = pattern.matcher(text);
      this.position = from;
    }

    @Nullable Match next() {
      if (ended || !matcher.find(position)) {
        return null;
      }
      position = matcher.end();
      int group = pattern.groupCount();
      int groupEnd = matcher.end(group);
      if (matcher.start() == matcher.end() && position < text.length()) {
        position = Texts.forward(text, position, 1);
      }
      ended = position >= text.length();
      return new Match(matcher.group(group), group == 0 ? position : groupEnd, position);
    }
  }

  private static void check(long from, long occurrence) {
    if (from < 1) {
      throw new EvaluationException("Position must be positive: " + from);
    } else if (occurrence < 1) {
      throw new EvaluationException("Occurrence must be positive: " + occurrence);
    }
  }

  /** The n-th match from a character on, both counted from 1; null where there is none. */
  @Nullable Match find(String text, long from, long occurrence) {
    check(from, occurrence);
    int index = Texts.forward(text, 0, from - 1);
    boolean beyond = index == text.length() && from > 1;
    if (beyond && (text.isEmpty() || Texts.length(text) < from)) {
      return null;
    }
    Matches matches = new Matches(text, index);
    Match match = matches.next();
    for (long i = 1; i < occurrence && match != null; i++) {
      match = matches.next();
    }
    return match;
  }

  /** The groups of all matches; a group that took no part is an empty string. */
  List<String> findAll(String text) {
    List<String> all = new ArrayList<>();
    Matches matches = new Matches(text, 0);
    for (Match match = matches.next(); match != null; match = matches.next()) {
      String group = match.group();
      all.add(group == null ? "" : group);
    }
    return List.copyOf(all);
  }

  /** Where the n-th match begins or, if asked so, ends; 0 where there is none. */
  long position(String text, long from, long occurrence, boolean end) {
    check(from, occurrence);
    if (pattern.pattern().isEmpty() || text.isEmpty()) {
      return 0;
    }
    Match match = find(text, from, occurrence);
    String group = match == null ? null : match.group();
    if (match == null || group == null) {
      return 0;
    }
    int index = end ? match.groupEnd() : match.groupEnd() - group.length();
    return text.codePointCount(0, index) + 1L;
  }

  /** Replaces all matches; in the replacement, \0 to \9 are groups and \\ is a backslash. */
  String replace(String text, String replacement) {
    checkReplacement(replacement);
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    int position = 0;
    int lastEnd = -1;
    while (position <= text.length()) {
      if (!matcher.find(position)) {
        return result.append(text, position, text.length()).toString();
      }
      result.append(text, position, matcher.start());
      position = matcher.end();
      boolean empty = matcher.start() == matcher.end();
      // An empty match right behind the last one is none.
      if (!empty || matcher.start() != lastEnd) {
        append(result, matcher, replacement);
      }
      lastEnd = matcher.end();
      if (empty) {
        if (position >= text.length()) {
          break;
        }
        int next = Texts.forward(text, position, 1);
        result.append(text, position, next);
        position = next;
      }
    }
    return result.toString();
  }

  private static void append(StringBuilder result, Matcher matcher, String replacement) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\') {
        result.append(c);
        continue;
      }
      char escaped = replacement.charAt(++i);
      if (escaped == '\\') {
        result.append('\\');
      } else {
        String group = matcher.group(escaped - '0');
        result.append(group == null ? "" : group);
      }
    }
  }

  void checkReplacement(String replacement) {
    for (int i = 0; i < replacement.length(); i++) {
      if (replacement.charAt(i) != '\\') {
        continue;
      }
      char escaped = ++i < replacement.length() ? replacement.charAt(i) : ' ';
      boolean backslash = escaped == '\\';
      if (!backslash && (escaped < '0' || escaped > '9')) {
        throw new EvaluationException(
            "Invalid REGEXP_REPLACE pattern: a backslash must be followed by a digit or a backslash,"
                + " not as in "
                + Shown.quoted(replacement));
      } else if (!backslash && escaped - '0' > pattern.groupCount()) {
        throw new EvaluationException(
            "Invalid REGEXP_REPLACE pattern: the replacement asks for group "
                + escaped
                + ", but the regular expression has "
                + pattern.groupCount());
      }
    }
  }
}
