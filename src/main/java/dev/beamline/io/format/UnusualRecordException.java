package dev.beamline.io.format;

/** The quick decoder leaves a record to the thorough one. Always the same object, for speed. */
final class UnusualRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("StaticAssignmentOfThrowable") // It has no stack trace, and says nothing.
  static final UnusualRecordException INSTANCE = new UnusualRecordException();

  private UnusualRecordException() {
    super("unusual record", null, false, false);
  }
}
