package dev.beamline.cli;

/** Something the user can mend that has no place in a file. Ends a command with code 1. */
final class UserException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UserException(String message) {
    super(message, null, false, false);
  }
}
