package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.diagnostic.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process's environment over the project's file {@code .env}; and by {@code file:PATH} what a
 * file holds. What could be a secret is remembered as one.
 */
final class Environment {

  private static final String OF_FILE = "file:";
  private static final long LARGEST_SECRET = 1 << 20;

  /** Names that people give to what nobody is to see. */
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|LOGIN|JAAS|AUTH).*");

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
      if (name.startsWith(SecretReference.PREFIX)) {
        // Asked for where it is needed, and only there.
        return SecretReference.text(name.substring(SecretReference.PREFIX.length()));
      }
      if (name.startsWith(OF_FILE)) {
        String secret = content(folder.resolve(name.substring(OF_FILE.length())));
        Secrets.remember(secret);
        return secret;
      }
      String own = process.apply(name);
      String value = own != null ? own : file.get(name);
      if (SECRET.matcher(name).matches()) {
        Secrets.remember(value);
      }
      return value;
    };
  }

  /** What a file holds, without the end of its last line; null where it cannot be read. */
  private static @Nullable String content(Path path) {
    try {
      if (!Files.isRegularFile(path) || Files.size(path) > LARGEST_SECRET) {
        return null;
      }
      String text = Files.readString(path);
      return text.endsWith("\r\n")
          ? text.substring(0, text.length() - 2)
          : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (IOException e) {
      // The place of the reference is told, as of a variable that is not set.
      return null;
    }
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
