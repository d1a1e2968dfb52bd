package dev.beamline.deploy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Small objects that say what is deployed, where all who deploy can see them. Each has a
 * generation, so that two writers notice each other.
 */
public interface DeployStore {

  /** An object's bytes and the generation that they are. */
  record Content(byte[] bytes, long generation) {}

  /** The object; empty: there is none. */
  Optional<Content> read(String path) throws IOException;

  /** Writes an object in one step, whatever is there. */
  void write(String path, byte[] bytes) throws IOException;

  /**
   * Writes where the object is of this generation still.
   *
   * @param generation 0: where there is none
   * @return the new generation; empty: somebody else was quicker
   */
  Optional<Long> writeIf(String path, byte[] bytes, long generation) throws IOException;

  /** Deletes the object where it is of this generation still. */
  void deleteIf(String path, long generation) throws IOException;

  /** The paths of the objects below a folder, which ends in a slash. */
  List<String> list(String folder) throws IOException;
}
