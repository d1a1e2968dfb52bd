package dev.beamline.pipeline.run;

import dev.beamline.transform.shard.ScratchFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;

/**
 * A whole Flink inside this process, which listens on the loopback address alone. It is used as a
 * cluster elsewhere would be, so that checkpoints, savepoints and draining are the same.
 */
final class EmbeddedFlink implements AutoCloseable {

  /** How often a stream goes back to its newest checkpoint before its failure is told. */
  private static final int RESTARTS = 2;

  private final MiniCluster cluster;
  private final Path nothing;

  /**
   * Starts it.
   *
   * @param settings say where checkpoints are kept; nowhere: in memory
   * @param restarts whether a job that fails goes back to its newest checkpoint
   */
  EmbeddedFlink(int parallelism, FlinkSettings settings, boolean restarts) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(WebOptions.REFRESH_INTERVAL, 100L);
    configuration.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, 1000L);
    configuration.set(JobManagerOptions.ADDRESS, "127.0.0.1");
    configuration.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
    configuration.set(TaskManagerOptions.HOST, "127.0.0.1");
    configuration.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    configuration.set(CoreOptions.TMP_DIRS, ScratchFolder.get().toString());
    configuration.set(
        ClusterOptions.UNCAUGHT_EXCEPTION_HANDLING, ClusterOptions.UncaughtExceptionHandleMode.LOG);
    // State is on the heap, or RocksDB keeps some of it at hand; buffers are what the many edges of
    // a graph need.
    configuration.set(
        TaskManagerOptions.MANAGED_MEMORY_SIZE,
        MemorySize.ofMebiBytes("rocksdb".equals(settings.stateBackend()) ? 256 : 16));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(192));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(192));
    configuration.set(CoreOptions.CLASSLOADER_RESOLVE_ORDER, "parent-first");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, restarts ? RESTARTS : 0);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(500));
    FlinkConf.of(settings).forEach(configuration::setString);
    if (settings.stateFolder() != null) {
      configuration.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
    }
    nothing = emptyJar();
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      throw new IOException("Flink does not start in this process: " + e.getMessage(), e);
    }
  }

  private static Path emptyJar() throws IOException {
    Path file = Files.createTempFile(ScratchFolder.get(), "nothing", ".jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), new Manifest())) {
      jar.finish();
    }
    return file;
  }

  /** What a job is to bring along: nothing, since all classes are here already. */
  List<String> filesToStage() {
    return List.of(nothing.toString());
  }

  /** {@code host:port}, as of any cluster. */
  String master() throws IOException {
    try {
      URI address = cluster.getRestAddress().get();
      return address.getHost() + ":" + address.getPort();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Flink starts", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException("Flink has no address: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(nothing);
      cluster.close();
    } catch (Exception e) {
      throw new IOException("Flink does not end: " + e.getMessage(), e);
    }
  }
}
