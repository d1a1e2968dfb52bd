package dev.beamline.pipeline.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream without end goes on. The newest checkpoint or savepoint in a folder of this
 * machine is found there; of one elsewhere a note is kept beside the project.
 */
final class ResumePoint {

  private final @Nullable StateFolder folder;
  private final Path note;

  ResumePoint(RunSettings run, FlinkSettings settings) {
    String path = settings.stateFolder();
    this.folder = path == null || path.contains("://") ? null : new StateFolder(Path.of(path));
    this.note =
        Path.of(FlinkSettings.folder(run.project(), run.target(), run.pipeline()) + ".resume");
  }

  /** The newest state, as Flink names it; empty: there is none. */
  Optional<String> newest() throws IOException {
    Optional<Path> here = folder == null ? Optional.empty() : folder.newest();
    if (folder != null && here.isPresent()) {
      folder.keepOnly(here.get());
      return here.map(path -> path.toUri().toString());
    }
    return Files.isRegularFile(note)
        ? Optional.of(Files.readString(note, StandardCharsets.UTF_8).strip())
        : Optional.empty();
  }

  /** Remembers where a job has left its state. */
  void note(String state) {
    try {
      Files.createDirectories(note.getParent());
      Files.writeString(note, state + "\n", StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the state of the stream is in " + state, e);
    }
  }

  /** Begins anew. */
  void clear() throws IOException {
    Files.deleteIfExists(note);
    if (folder != null) {
      folder.clear();
    }
  }
}
