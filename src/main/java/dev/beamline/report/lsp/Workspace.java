package dev.beamline.report.lsp;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The open files of an editor over a project's folder, and the project as it stands with them. */
final class Workspace {

  private final Path folder;
  private final Map<String, String> buffers = new TreeMap<>();
  private @Nullable Snapshot current;
  private @Nullable CompiledProject lastGood;

  Workspace(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** The project and what is wrong with it. */
  record Snapshot(CompiledProject compiled, List<Diagnostic> diagnostics) {}

  Path folder() {
    return folder;
  }

  /** The nearest folder above a file that is a project's; empty where there is none. */
  static Optional<Path> folderOf(Path file) {
    for (Path at = file.toAbsolutePath().normalize().getParent(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(Project.FILE))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** The path of a file in the project, with forward slashes; empty where it lies outside. */
  Optional<String> relative(String uri) {
    try {
      Path path = Path.of(URI.create(uri)).toAbsolutePath().normalize();
      return path.startsWith(folder)
          ? Optional.of(folder.relativize(path).toString().replace('\\', '/'))
          : Optional.empty();
    } catch (RuntimeException e) {
      // An editor's own scheme, such as untitled: or git:.
      return Optional.empty();
    }
  }

  String uri(String file) {
    return folder.resolve(file).toUri().toString();
  }

  synchronized void open(String file, String text) {
    buffers.put(file, text);
    current = null;
  }

  synchronized void close(String file) {
    buffers.remove(file);
    current = null;
  }

  /** Something changed on disk. */
  synchronized void forget() {
    current = null;
  }

  synchronized String text(String file) {
    String buffer = buffers.get(file);
    if (buffer != null) {
      return buffer;
    }
    try {
      return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** The project as validate sees it, with unsaved texts in place of files. */
  synchronized Snapshot snapshot() {
    Snapshot known = current;
    if (known == null) {
      Problems problems = new Problems();
      Project project =
          ProjectReader.read(folder, System::getenv, new HashMap<>(buffers), problems);
      boolean readable = !project.broken().contains(Project.FILE);
      CompiledProject compiled =
          readable
              ? ProjectCompiler.check(project, problems)
              : ProjectCompiler.parse(project, problems);
      if (readable) {
        lastGood = withOlderPlans(compiled);
      }
      known = new Snapshot(compiled, problems.sorted());
      current = known;
    }
    return known;
  }

  /** What is known of the project, also while pipelines.yaml is being written. */
  synchronized CompiledProject known() {
    CompiledProject compiled = snapshot().compiled();
    CompiledProject good = lastGood;
    return good == null ? compiled : good;
  }

  /** A query that is being written keeps the columns it had. */
  private CompiledProject withOlderPlans(CompiledProject compiled) {
    CompiledProject older = lastGood;
    if (older == null) {
      return compiled;
    }
    var plans = new HashMap<>(compiled.plans());
    older
        .plans()
        .forEach(
            (name, plan) -> {
              if (compiled.project().queries().containsKey(name)) {
                plans.putIfAbsent(name, plan);
              }
            });
    return new CompiledProject(compiled.project(), compiled.tables(), plans, compiled.reads());
  }
}
