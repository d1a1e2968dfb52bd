package dev.beamline.diagnostic;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a user can mend.
 *
 * @param code stable and documented, such as {@code UNKNOWN_COLUMN}
 * @param severity error, warning or note
 * @param place where it stands
 * @param message what is wrong, with the value, in one sentence without a final period
 * @param hint what is allowed, what to write instead, or the nearest right name; null where there
 *     is none
 */
public record Diagnostic(
    DiagnosticCode code, Severity severity, Place place, String message, @Nullable String hint)
    implements Serializable {

  public static Diagnostic error(DiagnosticCode code, Place place, String message) {
    return new Diagnostic(code, Severity.ERROR, place, message, null);
  }

  public static Diagnostic error(
      DiagnosticCode code, Place place, String message, @Nullable String hint) {
    return new Diagnostic(code, Severity.ERROR, place, message, hint);
  }

  public static Diagnostic warning(
      DiagnosticCode code, Place place, String message, @Nullable String hint) {
    return new Diagnostic(code, Severity.WARNING, place, message, hint);
  }
}
