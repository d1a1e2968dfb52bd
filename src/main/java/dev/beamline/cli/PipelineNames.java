package dev.beamline.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The pipelines that a command about deployments is for. */
final class PipelineNames {

  @Parameters(
      arity = "0..*",
      paramLabel = "PIPELINE",
      description =
          "Default: all streaming pipelines, and where there are none, or on the direct runner, the"
              + " default one.")
  private List<String> given = new ArrayList<>();

  /** None: the default ones. */
  List<String> given() {
    return given;
  }
}
