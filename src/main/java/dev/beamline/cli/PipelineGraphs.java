package dev.beamline.cli;

import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.run.ProjectGraph;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.report.docs.BeamSteps;
import dev.beamline.report.graph.BoxGraph;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/** The Beam graphs of a project's pipelines, as the local target would run them. */
final class PipelineGraphs {

  private PipelineGraphs() {}

  /** By the pipeline's name; one that the local target cannot run is left out. */
  static Map<String, BoxGraph> of(CompiledProject checked) {
    Project project = checked.project();
    Map<String, BoxGraph> graphs = new LinkedHashMap<>();
    for (PipelineDefinition definition : project.pipelines().values()) {
      try {
        CompiledProject compiled = ProjectCompiler.compile(project, definition, new Problems());
        Pipeline pipeline = Pipeline.create();
        new ProjectGraph(
                new RunSettings(
                    project,
                    project.target(Project.LOCAL),
                    definition.mode(),
                    compiled.plans(),
                    definition.queries(),
                    Map.of(),
                    0))
            .build(pipeline);
        graphs.put(definition.name(), BeamSteps.of(pipeline));
      } catch (InvalidProjectException e) {
        // A source without a sample, say: the pipeline is described without its graph.
        graphs.remove(definition.name());
      }
    }
    return graphs;
  }
}
