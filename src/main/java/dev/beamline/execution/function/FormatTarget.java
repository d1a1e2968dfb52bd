package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;

/** The type that a format string of FORMAT_* and PARSE_* is for, and what elements it lacks. */
enum FormatTarget {
  DATE("cHIklMPpRrSsTXZz", "cHIklMPpRrSsTXZz"),
  DATETIME("Zz", "Zz"),
  TIME("AaBbhCcDdeFGgJjmQsUuVWwxYyZz", "AaBbhCcDdeFGgjmsUuVWwxYyZz"),
  TIMESTAMP("", "");

  private final String notFormatted;
  private final String notParsed;

  FormatTarget(String notFormatted, String notParsed) {
    this.notFormatted = notFormatted;
    this.notParsed = notParsed;
  }

  /** Whether formatting has a value for the element; one that has none stays as it is written. */
  boolean formats(FormatElement element) {
    return notFormatted.indexOf(element.conversion()) < 0;
  }

  /**
   * Refuses elements that the type has no part for.
   *
   * @throws EvaluationException naming the element
   */
  void checkParses(FormatElement element) {
    if (notParsed.indexOf(element.conversion()) >= 0) {
      throw new EvaluationException(
          "Invalid format: " + element.text() + " is not allowed for the " + name() + " type.");
    }
  }
}
