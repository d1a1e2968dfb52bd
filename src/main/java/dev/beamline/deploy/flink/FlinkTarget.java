package dev.beamline.deploy.flink;

import dev.beamline.deploy.DeployFolder;
import dev.beamline.deploy.DeployStore;
import dev.beamline.deploy.FolderStore;
import dev.beamline.deploy.dataflow.CloudObjects;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import dev.beamline.pipeline.run.FlinkCluster;
import dev.beamline.pipeline.run.TargetOptions;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.jspecify.annotations.Nullable;

/** Where a Flink target keeps what is known of its deployments. */
public final class FlinkTarget {

  private final Project project;
  private final Target.Flink target;
  private final String base;

  FlinkTarget(Project project, Target.Flink target) {
    this.project = project;
    this.target = target;
    String place = FlinkCluster.place(project, target);
    boolean ours = place != null && (place.startsWith("gs://") || !place.contains("://"));
    this.base =
        ours && place != null
            ? place
            : FlinkCluster.local(project).resolve(target.name()).toString();
  }

  /** The cluster of a target that jobs can be deployed to; null: it has none. */
  public static Target.@Nullable Flink of(Target target) {
    return target instanceof Target.Flink flink && !flink.embedded() ? flink : null;
  }

  Project project() {
    return project;
  }

  Target.Flink target() {
    return target;
  }

  /** In the folder of savepoints where that can be written from here, else beside the project. */
  DeployFolder folder() {
    return new DeployFolder(store(), path());
  }

  private DeployStore store() {
    return base.startsWith("gs://")
        ? new CloudObjects(TargetOptions.of(target).as(GcsOptions.class))
        : new FolderStore(Path.of(path()));
  }

  private String path() {
    return base + "/beamline/" + project.name().replace('/', '_') + "/";
  }

  String graphs(String pipeline) {
    return path() + pipeline + "/jobs/";
  }

  String graph(String pipeline, String hash) {
    return graphs(pipeline) + hash + ".graph";
  }

  /** A manifest as a job carries it, so that the cluster alone tells what runs on it. */
  static String pack(Manifest manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(ManifestFile.write(List.of(manifest)));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** Of a job; empty: it carries none. */
  static Optional<Manifest> unpack(String job, @Nullable String packed) throws IOException {
    if (packed == null || packed.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = Base64.getDecoder().decode(packed);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return ManifestFile.read("the manifest of job " + job, in.readAllBytes()).stream()
          .findFirst();
    }
  }
}
