package dev.beamline.project;

import org.jspecify.annotations.Nullable;

/** Says in plain words what the YAML parser means. */
final class YamlSyntax {

  private YamlSyntax() {}

  /** A message and a hint. */
  record Explanation(String message, @Nullable String hint) {}

  /**
   * @param contextLine where the construct that failed began; 0: unknown
   * @param line the text of the line
   */
  static Explanation explain(
      String problem, @Nullable String context, int contextLine, String line) {
    if (problem.contains("mapping values are not allowed here")) {
      return new Explanation(
          "a colon is not allowed here",
          "quote a text that has \": \" in it, or check the indentation of this line and the one before");
    }
    if (problem.contains("could not find expected ':'")) {
      return new Explanation("a key without a colon", "write key: value");
    }
    if (problem.contains("found unexpected end of stream")
        || problem.contains("found unexpected document separator")) {
      return new Explanation(
          "the quote that opens in line " + contextLine + " is never closed", "close it");
    }
    if (problem.contains("expected ',' or")) {
      char closing = problem.contains("]") ? ']' : '}';
      return new Explanation(
          "expected a comma or " + closing,
          "the "
              + (closing == ']' ? "list" : "mapping")
              + " that opens in line "
              + contextLine
              + " is not closed, or a text in it needs quotes");
    }
    if (problem.contains("expected <block end>")) {
      return new Explanation(
          "this line does not fit what was begun in line " + contextLine,
          "indent all keys of a mapping alike");
    }
    if ("while scanning an alias".equals(context) || "while scanning an anchor".equals(context)) {
      return new Explanation("* and & begin the name of an anchor", "quote a text that has them");
    }
    if (problem.contains("cannot start any token") && problem.contains("TAB")) {
      return new Explanation("a tab cannot stand here", "use spaces");
    }
    if (problem.contains("cannot start any token")) {
      return new Explanation(
          "a value cannot begin with " + startCharacter(problem), "put the value in quotes");
    }
    if (problem.contains("found unknown escape character")) {
      return new Explanation(
          "an unknown escape in a double-quoted text",
          "double the backslash, or use single quotes");
    }
    if (problem.contains("block sequence entries are not allowed")) {
      return new Explanation(
          "a list cannot begin here", "put each \"- item\" on a line of its own");
    }
    String what = context == null ? "" : context + ": ";
    return new Explanation("this is not YAML: " + what + problem, null);
  }

  private static String startCharacter(String problem) {
    int quote = problem.indexOf('\'');
    int end = problem.indexOf('\'', quote + 1);
    return quote < 0 || end < 0 ? "this character" : problem.substring(quote + 1, end);
  }
}
