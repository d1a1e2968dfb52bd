package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The process's environment over the project's file {@code .env}. */
final class Environment {

  static final String FILE = ".env";

  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*?)\\s*");

  private Environment() {}

  /**
   * @param process null for what is unset
   */
  static Function<String, @Nullable String> of(
      Path folder, Function<String, @Nullable String> process, Problems problems) {
    Map<String, String> file = file(folder.resolve(FILE), problems);
    return name -> {
      String value = process.apply(name);
      return value != null ? value : file.get(name);
    };
  }

  private static Map<String, String> file(Path path, Problems problems) {
    Map<String, String> values = new HashMap<>();
    if (!Files.isRegularFile(path)) {
      return values;
    }
    String text = TextFiles.read(path, FILE, problems);
    if (text == null) {
      return values;
    }
    Lines lines = new Lines(text);
    for (int i = 1; i <= lines.count(); i++) {
      String line = lines.line(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        values.put(matcher.group(1), unquote(matcher.group(2)));
      } else {
        // The line may hold a secret: it is not shown.
        problems.add(
            Diagnostic.error(
                DiagnosticCode.INVALID_VALUE,
                new Place(FILE, i, 0, 1),
                "this line is not NAME=value",
                "a comment begins with #"));
      }
    }
    return values;
  }

  private static String unquote(String value) {
    if (value.length() >= 2 && value.startsWith("'") && value.endsWith("'")) {
      return value.substring(1, value.length() - 1);
    }
    if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
      return value
          .substring(1, value.length() - 1)
          .replace("\\n", "\n")
          .replace("\\\"", "\"")
          .replace("\\\\", "\\");
    }
    int comment = value.indexOf(" #");
    return comment < 0 ? value : value.substring(0, comment).stripTrailing();
  }
}
