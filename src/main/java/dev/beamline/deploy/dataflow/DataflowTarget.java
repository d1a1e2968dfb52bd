package dev.beamline.deploy.dataflow;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.pipeline.run.TargetOptions;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.apache.beam.sdk.options.SdkHarnessOptions;
import org.apache.beam.sdk.options.StreamingOptions;

/** What a target of pipelines.yaml means for Dataflow: options, names, labels and places. */
final class DataflowTarget {

  static final String LABEL_PROJECT = "beamline_project";
  static final String LABEL_PIPELINE = "beamline_pipeline";
  static final String LABEL_MANIFEST = "beamline_manifest";
  static final String LABEL_COMMIT = "beamline_commit";

  private static final String AT_LEAST_ONCE = "streaming_mode_at_least_once";
  private static final List<String> OPENS =
      List.of("java.lang", "java.util", "java.nio", "java.time", "sun.nio.ch");

  private final Project project;
  private final Target.Dataflow target;

  DataflowTarget(Project project, Target.Dataflow target) {
    this.project = project;
    this.target = target;
  }

  Target.Dataflow target() {
    return target;
  }

  /** Options to speak to the service with. */
  DataflowPipelineOptions options() {
    DataflowPipelineOptions options = TargetOptions.of(target).as(DataflowPipelineOptions.class);
    options.setRunner(DataflowRunner.class);
    options.setProject(target.project());
    options.setRegion(target.region());
    options.setTempLocation(target.tempLocation());
    options.setGcpTempLocation(target.tempLocation());
    if (target.stagingLocation() != null) {
      options.setStagingLocation(target.stagingLocation());
    }
    return options;
  }

  /**
   * Options of a job.
   *
   * @param files what its workers get
   */
  DataflowPipelineOptions options(Manifest manifest, List<String> files) {
    checkDelivery(manifest);
    DataflowPipelineOptions options = options();
    options.setJobName(jobName(manifest.pipeline()));
    options.as(StreamingOptions.class).setStreaming(manifest.streaming());
    options.setStableUniqueNames(CheckEnabled.ERROR);
    options.setLabels(labels(manifest));
    if (!target.common().options().containsKey("filesToStage")) {
      options.setFilesToStage(files);
    }
    List<String> opens = new ArrayList<>();
    OPENS.forEach(name -> opens.add("java.base/" + name + "=ALL-UNNAMED"));
    options.as(SdkHarnessOptions.class).setJdkAddOpenModules(opens);
    if (target.serviceAccount() != null) {
      options.setServiceAccount(target.serviceAccount());
    }
    if (target.network() != null) {
      options.setNetwork(target.network());
    }
    if (target.subnetwork() != null) {
      options.setSubnetwork(target.subnetwork());
    }
    if (target.workerMachineType() != null) {
      options.setWorkerMachineType(target.workerMachineType());
    }
    if (target.maxWorkers() != null) {
      options.setMaxNumWorkers(target.maxWorkers());
    }
    if (target.streamingEngine() != null) {
      options.setEnableStreamingEngine(target.streamingEngine());
    }
    return options;
  }

  /** Where events may come twice, sums that nothing corrects would be wrong. */
  private void checkDelivery(Manifest manifest) {
    boolean twice =
        target.common().options().values().stream().anyMatch(v -> v.contains(AT_LEAST_ONCE));
    if (!twice) {
      return;
    }
    manifest
        .queries()
        .forEach(
            (name, query) -> {
              boolean sums = query.state().stream().anyMatch(s -> s.startsWith("sums"));
              if (query.output() && sums && !query.upsert()) {
                throw new InvalidProjectException(
                    Diagnostic.error(
                        DiagnosticCode.CONFLICTING_SETTINGS,
                        target.common().place(),
                        "target "
                            + target.name()
                            + " runs at least once, and query "
                            + name
                            + " appends sums: an event that comes twice would count twice for ever",
                        "take " + AT_LEAST_ONCE + " away, or give the query's sink write: upsert"));
              }
            });
  }

  Map<String, String> labels(Manifest manifest) {
    Map<String, String> labels = new LinkedHashMap<>();
    target.labels().forEach((k, v) -> labels.put(label(k), label(v)));
    labels.put(LABEL_PROJECT, label(project.name()));
    labels.put(LABEL_PIPELINE, label(manifest.pipeline()));
    labels.put(LABEL_MANIFEST, manifest.shortHash());
    String commit = manifest.commit();
    if (commit != null) {
      labels.put(LABEL_COMMIT, label(commit.substring(0, Math.min(12, commit.length()))));
    }
    return labels;
  }

  /** What labels may hold. */
  static String label(String text) {
    String clean = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
    return clean.substring(0, Math.min(63, clean.length()));
  }

  String jobName(String pipeline) {
    String clean =
        ("beamline-" + project.name() + "-" + pipeline)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("-$", "");
    return clean.substring(0, Math.min(63, clean.length()));
  }

  /** The folder of what is kept of all pipelines of the project, with a slash. */
  String folder() {
    return target.tempLocation().replaceAll("/+$", "") + "/beamline/" + project.name() + "/";
  }

  String manifest(String pipeline, String hash) {
    return folder() + pipeline + "/manifests/" + hash + ".json";
  }
}
