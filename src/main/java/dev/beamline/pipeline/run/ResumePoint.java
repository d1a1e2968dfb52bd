package dev.beamline.pipeline.run;

import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream without end goes on. The newest checkpoint or savepoint in a folder of this
 * machine is found there; of one elsewhere a note is kept beside the project. Beside either stands
 * what the state was made by.
 */
public final class ResumePoint {

  private final @Nullable StateFolder folder;
  private final Path note;
  private final Path madeBy;
  private boolean leavesOut;

  ResumePoint(Project project, Target target, String pipeline, @Nullable String path) {
    Path here = path == null || path.contains("://") ? null : Path.of(path);
    String beside = FlinkSettings.folder(project, target, pipeline);
    this.folder = here == null ? null : new StateFolder(here);
    this.note = Path.of(beside + ".resume");
    this.madeBy = Path.of((here == null ? beside : here) + ".manifests.json");
  }

  /** The one of a pipeline that is deployed to a cluster. */
  public static ResumePoint of(Project project, Target.Flink target, String pipeline)
      throws IOException, InterruptedException {
    String path = new FlinkCluster(project, target, pipeline).savepoints();
    return new ResumePoint(project, target, pipeline, path);
  }

  /** The newest state, as Flink names it; empty: there is none. */
  public Optional<String> newest() throws IOException {
    Optional<Path> here = folder == null ? Optional.empty() : folder.newest();
    if (here.isPresent()) {
      return here.map(path -> path.toUri().toString());
    }
    return Files.isRegularFile(note)
        ? Optional.of(Files.readString(note, StandardCharsets.UTF_8).strip())
        : Optional.empty();
  }

  /** The newest state, and no other any more. */
  Optional<String> take() throws IOException {
    Optional<Path> here = folder == null ? Optional.empty() : folder.newest();
    if (folder != null && here.isPresent()) {
      folder.keepOnly(here.get());
    }
    return newest();
  }

  /** What {@link #madeBy(byte[])} was told; empty: nobody knows what made the state. */
  public Optional<byte[]> madeBy() throws IOException {
    return Files.isRegularFile(madeBy) ? Optional.of(Files.readAllBytes(madeBy)) : Optional.empty();
  }

  /** Notes what makes the state from now on, before it does. */
  public void madeBy(byte[] manifests) throws IOException {
    Files.createDirectories(madeBy.toAbsolutePath().getParent());
    Path part = madeBy.resolveSibling(madeBy.getFileName() + ".part");
    Files.write(part, manifests);
    Files.move(part, madeBy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** State that no step has a place for may stay behind: its query or source is gone. */
  public void leaveOut() {
    leavesOut = true;
  }

  boolean leavesOut() {
    return leavesOut;
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

  /** The state of a job that was stopped just now is all that counts. */
  public void forgetAllBut(String savepoint) throws IOException {
    Files.deleteIfExists(note);
    if (folder != null && newest().filter(StateFolder.samePlace(savepoint)).isPresent()) {
      take();
    }
  }

  /** Begins anew: there is no state then. */
  public void clear() throws IOException {
    Files.deleteIfExists(note);
    if (folder != null) {
      folder.clear();
    }
  }
}
