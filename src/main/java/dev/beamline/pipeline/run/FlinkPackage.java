package dev.beamline.pipeline.run;

import dev.beamline.project.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.construction.SplittableParDo;
import org.apache.beam.sdk.util.construction.graph.ProjectionPushdownOptimizer;
import org.apache.beam.sdk.util.construction.resources.PipelineResources;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.jspecify.annotations.Nullable;

/**
 * A job that is translated for a cluster and not submitted yet: what can be wrong with it shows
 * before anything else is touched, and it can be kept, to be submitted again.
 */
public final class FlinkPackage {

  private final byte[] graph;
  private final List<String> files;

  private FlinkPackage(byte[] graph, List<String> files) {
    this.graph = graph;
    this.files = List.copyOf(files);
  }

  /** What a job tells of itself to whoever asks the cluster. */
  public interface Options extends PipelineOptions {

    @Description("The manifest of what is deployed, packed.")
    @Default.String("")
    String getDeployedManifest();

    void setDeployedManifest(String manifest);
  }

  /**
   * Translates a stream.
   *
   * @param graph of the run; it is added to a pipeline here
   * @param name the job's
   * @param manifest that the job is to carry
   */
  public static FlinkPackage of(
      RunSettings run, Target.Flink target, ProjectGraph graph, FlinkName name, String manifest)
      throws IOException, InterruptedException {
    FlinkSettings settings =
        FlinkSettings.of(run, target)
            .withStateFolder(new FlinkCluster(run.project(), target, run.pipeline()).savepoints());
    FlinkPipelineOptions options = FlinkOptions.of(target, settings, run.mode(), name);
    options.setFlinkMaster(target.master());
    FlinkOptions.forCluster(options, target, settings, cache(run));
    options.as(Options.class).setDeployedManifest(manifest);
    Pipeline pipeline = Pipeline.create(options);
    graph.build(pipeline);
    FlinkPipelineOptions of = pipeline.getOptions().as(FlinkPipelineOptions.class);
    // What the runner does before it translates, in its order.
    SplittableParDo.convertReadBasedSplittableDoFnsToPrimitiveReadsIfNecessary(pipeline);
    ProjectionPushdownOptimizer.optimize(pipeline);
    MetricsEnvironment.setMetricsSupported(true);
    byte[] bytes = write(translate(pipeline, of));
    return new FlinkPackage(bytes, of.getFilesToStage());
  }

  /** One that {@link #graph} was kept of, with the files of this program. */
  public static FlinkPackage stored(byte[] graph, RunSettings run, Target.Flink target)
      throws IOException {
    FlinkPipelineOptions options = TargetOptions.of(target).as(FlinkPipelineOptions.class);
    FlinkOptions.forCluster(options, target, FlinkSettings.of(run, target), cache(run));
    PipelineResources.prepareFilesForStaging(options);
    return new FlinkPackage(graph, options.getFilesToStage());
  }

  private static Path cache(RunSettings run) {
    return run.project().resolve(".beamline/staging");
  }

  /** The job without its files. */
  public byte[] graph() {
    return graph.clone();
  }

  /** Beam has this for its tests alone; its public way submits at once. */
  private static JobGraph translate(Pipeline pipeline, FlinkPipelineOptions options)
      throws IOException {
    try {
      Method translate = FlinkRunner.class.getDeclaredMethod("getJobGraph", Pipeline.class);
      translate.setAccessible(true);
      return (JobGraph) translate.invoke(FlinkRunner.fromOptions(options), pipeline);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw ClusterException.failed("the job cannot be made: " + cause.getMessage(), cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of Beam translates otherwise", e);
    }
  }

  private static byte[] write(JobGraph job) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(new GZIPOutputStream(bytes))) {
      out.writeObject(job);
    }
    return bytes.toByteArray();
  }

  private JobGraph read() throws IOException {
    try (ObjectInputStream in =
        new ObjectInputStream(new GZIPInputStream(new ByteArrayInputStream(graph)))) {
      return (JobGraph) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("the job was kept by another version of Flink", e);
    }
  }

  /**
   * Submits the job, which then starts.
   *
   * @param savepoint whose state it goes on with; null: it begins anew
   * @param leaveOut whether state may stay behind that no step of the job has a place for
   * @return its id
   */
  public String submit(String master, @Nullable String savepoint, boolean leaveOut)
      throws IOException, InterruptedException {
    JobGraph job = read();
    job.setJobID(new JobID());
    for (String file : files) {
      job.addJar(new org.apache.flink.core.fs.Path(Path.of(file).toUri()));
    }
    if (savepoint != null) {
      job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, leaveOut));
    }
    int colon = master.lastIndexOf(':');
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, master.substring(0, colon));
    configuration.set(RestOptions.PORT, Integer.parseInt(master.substring(colon + 1)));
    try (RestClusterClient<String> client = new RestClusterClient<>(configuration, "beamline")) {
      return client.submitJob(job).get().toString();
    } catch (ExecutionException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw ClusterException.failed(
          "the Flink cluster " + master + " refuses the job: " + firstLine(root), e);
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw ClusterException.failed(
          "the Flink cluster " + master + " cannot be spoken to: " + e.getMessage(), e);
    }
  }

  private static String firstLine(Throwable root) {
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
  }
}
