package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of what is expected, rewritten with {@code -Dbeamline.rewrite=true}. */
final class Golden {

  private Golden() {}

  static void check(Path file, String actual) throws IOException {
    if (Boolean.getBoolean("beamline.rewrite")) {
      Files.writeString(file, actual);
      return;
    }
    assertEquals(Files.exists(file) ? Files.readString(file) : "", actual, file.toString());
  }
}
