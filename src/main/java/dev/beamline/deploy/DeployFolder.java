package dev.beamline.deploy;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where all who deploy see what is deployed, and who is at it: a folder a pipeline.
 *
 * @param path of all pipelines of the project, with a slash at its end
 */
public record DeployFolder(DeployStore store, String path) {

  private static final String CURRENT = "/current.json";

  /**
   * Takes a pipeline's lock.
   *
   * @throws DeployException where somebody else has it
   */
  DeployLock take(String pipeline) throws IOException {
    return DeployLock.take(store, path + pipeline + "/lock.json");
  }

  /** Notes what has been deployed. */
  void note(Manifest manifest) throws IOException {
    store.write(path + manifest.pipeline() + CURRENT, ManifestFile.write(List.of(manifest)));
  }

  /** Forgets what was deployed of a pipeline. */
  void forget(String pipeline) throws IOException {
    delete(path + pipeline + CURRENT);
  }

  /** The manifest of a pipeline's last deployment; empty: there was none. */
  public Optional<Manifest> deployed(String pipeline) throws IOException {
    return manifest(path + pipeline + CURRENT);
  }

  /** The manifests of the last deployments of all pipelines. */
  public List<Manifest> deployed() throws IOException {
    List<Manifest> all = new ArrayList<>();
    for (String file : store.list(path)) {
      if (file.endsWith(CURRENT)) {
        manifest(file).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Deletes a file, whatever it is. */
  public void delete(String file) throws IOException {
    Optional<DeployStore.Content> there = store.read(file);
    if (there.isPresent()) {
      store.deleteIf(file, there.get().generation());
    }
  }

  /** What a file says; empty: there is none. */
  public Optional<Manifest> manifest(String file) throws IOException {
    Optional<DeployStore.Content> content = store.read(file);
    return content.isEmpty()
        ? Optional.empty()
        : ManifestFile.read(file, content.get().bytes()).stream().findFirst();
  }
}
