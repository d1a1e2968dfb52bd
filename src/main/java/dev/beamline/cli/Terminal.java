package dev.beamline.cli;

import java.util.Map;

/** What the terminal can do. */
final class Terminal {

  private Terminal() {}

  /** Whether a person reads along. */
  static boolean isInteractive() {
    return System.console() != null;
  }

  /** Whether output is coloured: on a terminal, unless NO_COLOR or a dumb one says otherwise. */
  static boolean hasColors() {
    return isInteractive() && wantsColors(System.getenv());
  }

  static boolean wantsColors(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /** Characters that fit in a line; 0 where nobody reads along, so that nothing is cut. */
  static int width() {
    if (!isInteractive()) {
      return 0;
    }
    try {
      return Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "120"));
    } catch (NumberFormatException e) {
      return 120;
    }
  }
}
