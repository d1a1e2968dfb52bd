package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;

/** Ends the parsing of a clause or statement. Carries the diagnostic; has no stack trace. */
final class SyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Diagnostic diagnostic;
  private final boolean fatal;

  SyntaxException(Diagnostic diagnostic, boolean fatal) {
    super(diagnostic.message(), null, false, false);
    this.diagnostic = diagnostic;
    this.fatal = fatal;
  }

  Diagnostic diagnostic() {
    return diagnostic;
  }

  /** Whether looking on in the same statement is pointless. */
  boolean fatal() {
    return fatal;
  }
}
