package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.project.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/** The pipeline options that pipelines.yaml gives a target, whatever runs it. */
public final class TargetOptions {

  private static final List<String> ENDPOINTS =
      List.of("bigQueryEndpoint", "pubsubRootUrl", "gcsEndpoint");

  private static final Pattern HOST = Pattern.compile("https?://(\\[[^]]*]|[^:/]+)");

  private TargetOptions() {}

  /**
   * The options, without a runner.
   *
   * @throws InvalidProjectException where Beam knows no such option
   */
  public static PipelineOptions of(Target target) {
    Map<String, String> given = target.common().options();
    if (given.isEmpty() && !(target instanceof Target.Dataflow)) {
      return LocalOptions.create();
    }
    List<String> arguments = new ArrayList<>();
    given.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    if (!given.containsKey("credentialFactoryClass") && speaksToItself(given)) {
      arguments.add("--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
    }
    if (target instanceof Target.Dataflow dataflow && !given.containsKey("project")) {
      arguments.add("--project=" + dataflow.project());
      if (!given.containsKey("tempLocation")) {
        arguments.add("--tempLocation=" + dataflow.tempLocation());
      }
    }
    LocalOptions.registerAll();
    try {
      return PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new)).create();
    } catch (IllegalArgumentException e) {
      throw new InvalidProjectException(
          Diagnostic.error(
              DiagnosticCode.UNKNOWN_KEY,
              target.common().place(),
              "the options of target " + target.name() + ": " + e.getMessage(),
              "options are Beam's pipeline options, in camelCase"));
    }
  }

  /** Has paths of object stores mean those of the target, until another target is set. */
  public static void useForFiles(Target target) {
    if (!target.common().options().isEmpty()) {
      FileSystems.setDefaultPipelineOptions(of(target));
    }
  }

  /** The Google Cloud project where none is named; null: there is none. */
  static @Nullable String project(Target target, PipelineOptions options) {
    return target instanceof Target.Dataflow dataflow
        ? dataflow.project()
        : options.as(GcpOptions.class).getProject();
  }

  /** Whether a service is a stand-in on this machine, which asks for no credentials. */
  private static boolean speaksToItself(Map<String, String> options) {
    for (String name : ENDPOINTS) {
      String url = options.get(name);
      if (url != null) {
        Matcher host = HOST.matcher(url);
        if (host.lookingAt() && Loopback.isHost(host.group(1))) {
          return true;
        }
      }
    }
    return false;
  }
}
