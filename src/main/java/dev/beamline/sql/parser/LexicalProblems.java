package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lexer finds wrong, by offset. A text that is no SQL at all is read only up to a limit.
 */
final class LexicalProblems {

  private static final int LIMIT = 1_000;

  private final String file;
  private final Locator locator;
  private final List<Found> found = new ArrayList<>();

  LexicalProblems(String file, Locator locator) {
    this.file = file;
    this.locator = locator;
  }

  /**
   * One problem.
   *
   * @param swallows whether the text behind it was read wrongly, so that errors there mean nothing
   */
  record Found(int offset, boolean swallows, Diagnostic diagnostic) {

    /**
     * Whether an error at that place only follows from this one: it touches it, or is swallowed.
     */
    boolean explains(Place place) {
      Place own = diagnostic.place();
      boolean behind =
          place.line() > own.line()
              || (place.line() == own.line() && place.column() >= own.column());
      boolean touching =
          place.line() == own.line() && place.column() <= own.column() + own.length();
      return behind && (swallows || touching);
    }
  }

  void add(int start, int end, DiagnosticCode code, String message, @Nullable String hint) {
    add(start, end, false, code, message, hint);
  }

  /** Reports a string, name or comment that is never closed. */
  void unclosed(int start, int end, String message, String hint) {
    add(start, end, true, DiagnosticCode.SQL_SYNTAX, message, hint);
  }

  private void add(
      int start,
      int end,
      boolean swallows,
      DiagnosticCode code,
      String message,
      @Nullable String hint) {
    Place place =
        new Place(file, locator.line(start), locator.column(start), locator.length(start, end));
    found.add(new Found(start, swallows, Diagnostic.error(code, place, message, hint)));
  }

  /**
   * Whether the lexer should give up; what is left of the text then belongs to the last problem.
   */
  boolean full() {
    return found.size() >= LIMIT;
  }

  /** The problems of one statement, by where it starts and ends. */
  List<Found> between(int from, int to) {
    return found.stream().filter(f -> f.offset() >= from && f.offset() < to).toList();
  }

  List<Found> found() {
    return found;
  }
}
