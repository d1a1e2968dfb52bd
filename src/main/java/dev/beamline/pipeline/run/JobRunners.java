package dev.beamline.pipeline.run;

import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;

/** Finds the runner of a target. */
final class JobRunners {

  private JobRunners() {}

  /**
   * Batches of a direct target run on Beam's DirectRunner. Its streams run on a Flink inside this
   * process: the DirectRunner makes a bundle of each key and takes minutes for thousands of events.
   * It keeps the streams of Pub/Sub, which holds what was not written yet itself.
   */
  static JobRunner of(RunSettings settings, ProjectGraph graph) {
    Target target = settings.target();
    if (target instanceof Target.Flink flink) {
      return new FlinkJob(settings, FlinkSettings.of(settings, flink), graph);
    }
    return settings.mode() == Mode.BATCH || (!graph.ends() && readsPubsub(settings, graph))
        ? new DirectJob(target)
        : new FlinkJob(settings, FlinkSettings.embedded(settings), graph);
  }

  private static boolean readsPubsub(RunSettings settings, ProjectGraph graph) {
    return graph.sources().stream()
        .map(settings.project().sources()::get)
        .anyMatch(source -> source != null && source.system() instanceof SourceSystem.Pubsub);
  }
}
