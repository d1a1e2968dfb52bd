package dev.beamline.pipeline.run;

import dev.beamline.project.Project;
import dev.beamline.project.Target;
import org.jspecify.annotations.Nullable;

/** Where the versions of slowly changing tables are kept, beside the state of their pipeline. */
final class VersionFolder {

  private VersionFolder() {}

  /** The folder of a table, with a / at its end; null: the target has no place that lasts. */
  static @Nullable String of(RunSettings settings, String table) {
    String folder = ofPipeline(settings.project(), settings.target(), settings.pipeline());
    return folder == null ? null : folder + ".tables/" + table + "/";
  }

  private static @Nullable String ofPipeline(Project project, Target target, String pipeline) {
    String name = project.name().replace('/', '_') + "." + pipeline;
    if (target instanceof Target.Dataflow dataflow) {
      return dataflow.tempLocation().replaceAll("/+$", "") + "/beamline/" + name;
    }
    if (target instanceof Target.Flink flink) {
      if (flink.savepointPath() != null) {
        return FlinkSettings.resolve(project, flink.savepointPath()) + "/" + name;
      }
      if (!flink.embedded() && !Loopback.isAddress(flink.master())) {
        return null;
      }
    }
    return FlinkSettings.folder(project, target, pipeline);
  }
}
