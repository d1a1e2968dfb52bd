package dev.beamline.cli;

/** What the process ends with; part of the contract with scripts and CI jobs. */
final class ExitCode {

  /** Done. */
  static final int OK = 0;

  /** Something the user can mend: an invalid project, a failed test, differences. */
  static final int USER = 1;

  /** A wrong command line. */
  static final int USAGE = 2;

  /** A fault of ours or of a service. */
  static final int FAULT = 3;

  /** Ended at once by Ctrl-C, as shells tell it. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
