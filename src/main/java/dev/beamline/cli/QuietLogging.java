package dev.beamline.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Keeps what libraries log off the terminal. Java's logging makes an instance when it starts, which
 * most commands never cause.
 */
public final class QuietLogging {

  private static final String VERBOSE = "beamline.verbose";

  /** Called by {@link LogManager}, which must be able to. */
  public QuietLogging() throws IOException {
    String configuration =
        Boolean.getBoolean(VERBOSE)
            ? """
            handlers=java.util.logging.ConsoleHandler
            .level=INFO
            java.util.logging.ConsoleHandler.level=ALL
            java.util.logging.ConsoleHandler.formatter=dev.beamline.cli.HidingFormatter
            java.util.logging.SimpleFormatter.format=%1$tT %4$s %3$s: %5$s%6$s%n
            """
            : ".level=OFF\n";
    LogManager.getLogManager()
        .readConfiguration(
            new ByteArrayInputStream(configuration.getBytes(StandardCharsets.ISO_8859_1)));
  }

  static void install(boolean verbose) {
    if (System.getProperty("java.util.logging.config.file") == null) {
      System.setProperty(VERBOSE, String.valueOf(verbose));
      System.setProperty("java.util.logging.config.class", QuietLogging.class.getName());
    }
  }
}
