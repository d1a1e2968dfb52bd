package dev.beamline.cli;

import com.google.common.base.Suppliers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the terminal can do. */
final class Terminal {

  private static final int USUAL = 120;

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
    return isInteractive() ? WIDTH.get() : 0;
  }

  /** What COLUMNS says, else the terminal itself, else what most are. */
  private static final Supplier<Integer> WIDTH =
      Suppliers.memoize(
          () ->
              columns(System.getenv().get("COLUMNS"))
                  .orElseGet(() -> columns(size()).orElse(USUAL)));

  static OptionalInt columns(@Nullable String text) {
    if (text == null || !text.strip().matches("[0-9]{1,5}")) {
      return OptionalInt.empty();
    }
    int columns = Integer.parseInt(text.strip());
    return columns < 20 ? OptionalInt.empty() : OptionalInt.of(columns);
  }

  /** The columns that {@code stty} tells; null where there is no such command. */
  private static @Nullable String size() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/tty")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.strip().replaceFirst("^[0-9]+ ", "");
    } catch (IOException e) {
      return null;
    }
  }
}
