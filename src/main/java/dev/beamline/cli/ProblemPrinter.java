package dev.beamline.cli;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints diagnostics of a project for people, with the lines of its files. */
final class ProblemPrinter {

  private static final long LARGEST = 64L * 1024 * 1024;

  private final Path folder;
  private final Map<String, String> texts = new HashMap<>();

  ProblemPrinter(Path folder) {
    this.folder = folder;
  }

  /** Adds a text that is no file, such as SQL from the command line. */
  void add(String name, String text) {
    texts.put(name, text);
  }

  void print(List<Diagnostic> diagnostics, PrintWriter out) {
    new DiagnosticText(this::text, Terminal.hasColors()).write(diagnostics, out);
  }

  private @Nullable String text(String name) {
    String known = texts.get(name);
    if (known != null) {
      return known;
    }
    if (name.equals(".env")) {
      // Its lines hold secrets.
      return null;
    }
    try {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return null;
      }
      // Broken UTF-8 is shown with signs in place of what cannot be read.
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }
}
