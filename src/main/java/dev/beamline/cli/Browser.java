package dev.beamline.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Opens pages in the user's browser, where there is one. */
final class Browser {

  private Browser() {}

  /** Whether the page was handed over; false where this machine has no way to do it. */
  static boolean open(String url) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command =
        system.contains("win")
            ? List.of("rundll32", "url.dll,FileProtocolHandler", url)
            : List.of(system.contains("mac") ? "open" : "xdg-open", url);
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
