package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder a project lives in. Paths of the project stay inside it, symbolic links followed: a
 * project from a stranger cannot read or write elsewhere.
 *
 * @param root absolute
 * @param buffers texts that stand for files, by their paths: what an editor has not saved yet
 */
record ProjectFolder(Path root, Map<String, String> buffers) {

  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");
  private static final Pattern UP = Pattern.compile("(^|/)\\.\\.(/|$)");
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);

  static boolean isGlob(String path) {
    return GLOB.matcher(path).find();
  }

  /** Whether the path is one the project may name; reports it where not. */
  boolean admits(Located<String> path, Reading reading) {
    Matcher scheme = SCHEME.matcher(path.value());
    if (scheme.matches()) {
      if (scheme.group(1).equals("gs")) {
        return true;
      }
      reading.error(
          DiagnosticCode.INVALID_VALUE,
          path.place(),
          "paths of " + scheme.group(1) + ":// are not supported",
          "allowed: a path inside the project's folder, or gs://bucket/object");
      return false;
    }
    try {
      if (!contains(root.resolve(fixedPart(path.value())))
          || (isGlob(path.value()) && UP.matcher(path.value()).find())) {
        reading.error(
            DiagnosticCode.PATH_OUTSIDE_PROJECT,
            path.place(),
            "\"" + path.value() + "\" is outside the project's folder",
            "paths are relative to the folder of pipelines.yaml and stay in it, links followed");
        return false;
      }
      return true;
    } catch (InvalidPathException e) {
      reading.error(
          DiagnosticCode.INVALID_VALUE,
          path.place(),
          "\"" + path.value() + "\" is not a path",
          null);
      return false;
    }
  }

  /** Reports a local file that is not there; a glob needs only its folder. */
  void requireExisting(Located<String> path, String kind, Reading reading) {
    if (Project.isRemote(path.value())) {
      return;
    }
    Path file = root.resolve(fixedPart(path.value()));
    if (!Files.exists(file)) {
      reading.error(
          DiagnosticCode.FILE_NOT_FOUND,
          path.place(),
          "there is no " + kind + " \"" + path.value() + "\"",
          nearest(file));
    }
  }

  private @Nullable String nearest(Path file) {
    Path folder = file.getParent();
    Path name = file.getFileName();
    if (folder == null || name == null || !Files.isDirectory(folder)) {
      return null;
    }
    try (var siblings = Files.list(folder)) {
      return dev.beamline.diagnostic.NearestName.of(
              name.toString(),
              siblings.map(p -> String.valueOf(p.getFileName())).sorted().limit(1000).toList())
          .map(near -> "did you mean \"" + relative(folder.resolve(near)) + "\"?")
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  /** The text of a file of the project; null where it cannot be read, which is reported. */
  @Nullable String text(Path file, String name, Problems problems) {
    String buffer = buffers.get(name);
    return buffer != null ? buffer : TextFiles.read(file, name, problems);
  }

  /** With forward slashes. */
  String relative(Path file) {
    return root.relativize(file.normalize()).toString().replace('\\', '/');
  }

  private static String fixedPart(String path) {
    Matcher glob = GLOB.matcher(path);
    if (!glob.find()) {
      return path;
    }
    int slash = path.lastIndexOf('/', glob.start());
    return slash < 0 ? "." : path.substring(0, slash + 1);
  }

  /** Whether it stays inside, links followed. */
  boolean contains(Path file) {
    Path normal = file.normalize();
    if (!normal.startsWith(root)) {
      return false;
    }
    try {
      Path existing = normal;
      while (existing != null && !Files.exists(existing)) {
        if (Files.isSymbolicLink(existing)) {
          return false;
        }
        existing = existing.getParent();
      }
      return existing == null || existing.toRealPath().startsWith(root.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
