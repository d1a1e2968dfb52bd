package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where pipelines run. */
public sealed interface Target extends Serializable {

  Common common();

  /** As in YAML's {@code runner}. */
  String runner();

  default String name() {
    return common().name();
  }

  /** Whether rows are worked on in other processes than the one that starts the pipeline. */
  default boolean hasWorkers() {
    return this instanceof Dataflow || (this instanceof Flink flink && !flink.embedded());
  }

  /**
   * What all targets have.
   *
   * @param warehouse a DuckDB file, relative to the project, that takes the rows of every sink
   *     which names no local thing, and lets samples stand for sources; null: the real systems
   * @param options further pipeline options of Beam, in camelCase, as they are
   */
  record Common(
      String name,
      Place place,
      @Nullable String description,
      @Nullable String warehouse,
      Map<String, String> options)
      implements Serializable {
    public Common {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
  }

  /** Beam's DirectRunner in this process. */
  record Direct(Common common) implements Target {
    @Override
    public String runner() {
      return "direct";
    }
  }

  /**
   * Flink.
   *
   * @param master {@code host:port}, or {@code [local]} for one inside this process
   * @param parallelism null: Flink's own default
   * @param checkpointEvery null: no checkpoints
   */
  record Flink(
      Common common,
      String master,
      @Nullable Integer parallelism,
      @Nullable Duration checkpointEvery,
      @Nullable String stateBackend,
      @Nullable String savepointPath)
      implements Target {
    @Override
    public String runner() {
      return "flink";
    }

    /** Whether it runs inside this process; else the master is a cluster's. */
    public boolean embedded() {
      return master.startsWith("[") && !master.contains("]:");
    }
  }

  /** Google Cloud Dataflow. */
  record Dataflow(
      Common common,
      String project,
      String region,
      String tempLocation,
      @Nullable String stagingLocation,
      @Nullable String serviceAccount,
      @Nullable String network,
      @Nullable String subnetwork,
      @Nullable String workerMachineType,
      @Nullable Integer maxWorkers,
      @Nullable Boolean streamingEngine,
      Map<String, String> labels)
      implements Target {
    public Dataflow {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    @Override
    public String runner() {
      return "dataflow";
    }
  }
}
