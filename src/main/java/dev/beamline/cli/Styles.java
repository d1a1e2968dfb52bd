package dev.beamline.cli;

/** Emphasis, on terminals that can show it. */
final class Styles {

  private static final boolean COLORS = Terminal.hasColors();

  private Styles() {}

  static String bold(String text) {
    return COLORS ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  static String green(String text) {
    return COLORS ? "\u001b[32m" + text + "\u001b[0m" : text;
  }

  static String red(String text) {
    return COLORS ? "\u001b[31m" + text + "\u001b[0m" : text;
  }
}
