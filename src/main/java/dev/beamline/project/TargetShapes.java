package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The section {@code targets}. */
final class TargetShapes {

  static final String DEFAULT_WAREHOUSE = ".beamline/warehouse.duckdb";

  private static final Pattern GCS = Pattern.compile("gs://[a-z0-9][a-z0-9._-]*(/.*)?");

  private TargetShapes() {}

  private static final Key<String> RUNNER =
      Key.of("runner", Shapes.text(), "What runs the pipeline.");
  private static final Key<String> DESCRIPTION =
      Key.of("description", Shapes.anyText(), "What the target is for.");
  private static final Key<Located<String>> WAREHOUSE =
      Key.of(
          "warehouse",
          Shapes.path(),
          "A DuckDB file that takes the rows of every sink which names no local thing, while samples"
              + " stand for sources. Default of the target local: "
              + DEFAULT_WAREHOUSE
              + "; of others: none, and the real systems are read and written.");
  private static final Key<Map<String, String>> OPTIONS =
      Key.of(
          "options",
          Shapes.options(Shapes.pipelineOption()),
          "Further pipeline options of Beam, by their names in camelCase.");
  private static final List<Key<?>> COMMON = List.of(RUNNER, DESCRIPTION, WAREHOUSE, OPTIONS);

  private static final ObjectShape<Target> DIRECT =
      new ObjectShape<>(
          "a direct target",
          "Beam's DirectRunner, in this process.",
          COMMON,
          f ->
              new Target.Direct(
                  common(f, f.owner().value().equals(Project.LOCAL) ? DEFAULT_WAREHOUSE : null)));

  private static final Key<Located<String>> MASTER =
      Key.of(
          "master",
          Shapes.matching(
              Pattern.compile(
                  "\\[(local|collection|auto)\\]|[A-Za-z0-9._-]+:[0-9]{1,5}|\\[[0-9a-fA-F:]+\\]:[0-9]{1,5}"),
              "a Flink master",
              "allowed: host:port, or [local] for one inside this process"),
          "host:port of the cluster's REST port, or [local]. Default: [local].");
  private static final Key<Integer> PARALLELISM =
      Key.of("parallelism", Shapes.integer(1, 32_768), "Default: the cluster's.");
  private static final Key<Duration> CHECKPOINT_EVERY =
      Key.of("checkpoint_every", Shapes.positiveDuration(), "Of streams. Default: 10s.");
  private static final Key<Located<String>> STATE_BACKEND =
      Key.of("state_backend", Shapes.locatedText(), "Where state is held. Default: the cluster's.");
  private static final Key<Located<String>> SAVEPOINT_PATH =
      Key.of("savepoint_path", Shapes.locatedText(), "Where savepoints are written.");
  private static final List<String> BACKENDS = List.of("hashmap", "rocksdb");

  private static final ObjectShape<Target> FLINK =
      new ObjectShape<>(
          "a flink target",
          "Apache Flink, embedded or a cluster.",
          ObjectShape.keys(
              COMMON, MASTER, PARALLELISM, CHECKPOINT_EVERY, STATE_BACKEND, SAVEPOINT_PATH),
          f -> {
            Located<String> master = f.get(MASTER);
            Located<String> backend = f.get(STATE_BACKEND);
            Located<String> path = f.get(SAVEPOINT_PATH);
            Target.Flink flink =
                new Target.Flink(
                    common(f, null),
                    master == null ? "[local]" : master.value(),
                    f.get(PARALLELISM),
                    f.get(CHECKPOINT_EVERY),
                    backend == null ? null : backend.value(),
                    path == null ? null : path.value());
            if (flink.embedded()) {
              checkEmbedded(f, backend, path);
            }
            return flink;
          });

  private static final Key<String> PROJECT =
      Key.required("project", Shapes.text(), "The Google Cloud project.");
  private static final Key<Located<String>> REGION =
      Key.required(
          "region",
          Shapes.matching(
              Pattern.compile("[a-z]+-[a-z]+[0-9]+"), "a region", "such as europe-west1"),
          "The region, such as europe-west1.");
  private static final Key<Located<String>> TEMP_LOCATION =
      Key.required("temp_location", gcs(), "gs://bucket/folder for temporary files.");
  private static final Key<Located<String>> STAGING_LOCATION =
      Key.of("staging_location", gcs(), "gs://bucket/folder for the job's jars.");
  private static final Key<String> SERVICE_ACCOUNT =
      Key.of("service_account", Shapes.text(), "Whom the workers act as.");
  private static final Key<String> NETWORK =
      Key.of("network", Shapes.text(), "The workers' network.");
  private static final Key<String> SUBNETWORK =
      Key.of("subnetwork", Shapes.text(), "The workers' subnetwork.");
  private static final Key<String> WORKER_MACHINE_TYPE =
      Key.of("worker_machine_type", Shapes.text(), "Such as n2-standard-2.");
  private static final Key<Integer> MAX_WORKERS =
      Key.of("max_workers", Shapes.integer(1, 4000), "At most so many workers.");
  private static final Key<Boolean> STREAMING_ENGINE =
      Key.of(
          "streaming_engine",
          Shapes.bool(),
          "Whether Dataflow holds the state. Default: Dataflow's.");
  private static final Key<Map<String, String>> LABELS =
      Key.of("labels", Shapes.options(Shapes.option()), "Labels of the job.");
  private static final ObjectShape<Target> DATAFLOW =
      new ObjectShape<>(
          "a dataflow target",
          "Google Cloud Dataflow.",
          ObjectShape.keys(
              COMMON,
              PROJECT,
              REGION,
              TEMP_LOCATION,
              STAGING_LOCATION,
              SERVICE_ACCOUNT,
              NETWORK,
              SUBNETWORK,
              WORKER_MACHINE_TYPE,
              MAX_WORKERS,
              STREAMING_ENGINE,
              LABELS),
          TargetShapes::dataflow);

  static final Shape<Target> TARGET = new TaggedShape<>("a target", "runner", variants(), null);

  private static Map<String, ObjectShape<? extends Target>> variants() {
    Map<String, ObjectShape<? extends Target>> variants = new LinkedHashMap<>();
    variants.put("direct", DIRECT);
    variants.put("flink", FLINK);
    variants.put("dataflow", DATAFLOW);
    return variants;
  }

  private static Shape<Located<String>> gcs() {
    return Shapes.matching(
        GCS, "a path of Cloud Storage", "allowed: gs://bucket or gs://bucket/folder");
  }

  private static Target dataflow(Fields f) {
    Located<String> staging = f.get(STAGING_LOCATION);
    return new Target.Dataflow(
        common(f, null),
        f.need(PROJECT),
        f.need(REGION).value(),
        f.need(TEMP_LOCATION).value(),
        staging == null ? null : staging.value(),
        f.get(SERVICE_ACCOUNT),
        f.get(NETWORK),
        f.get(SUBNETWORK),
        f.get(WORKER_MACHINE_TYPE),
        f.get(MAX_WORKERS),
        f.get(STREAMING_ENGINE),
        f.or(LABELS, Map.of()));
  }

  /** The Flink of this process has the file system of this machine, and no plugins. */
  private static void checkEmbedded(
      Fields f, @Nullable Located<String> backend, @Nullable Located<String> path) {
    if (backend != null && !BACKENDS.contains(backend.value())) {
      f.error(
          DiagnosticCode.INVALID_VALUE,
          backend.place(),
          "\"" + backend.value() + "\" is no state backend of the Flink inside this process",
          "allowed: " + String.join(", ", BACKENDS));
    }
    if (path != null && path.value().contains("://") && !path.value().startsWith("file:///")) {
      f.error(
          DiagnosticCode.INVALID_VALUE,
          path.place(),
          "the Flink inside this process keeps its state on this machine, not in \""
              + path.value()
              + "\"",
          "write a folder, such as .beamline/savepoints, or name a cluster with master:");
    }
  }

  private static Target.Common common(Fields f, @Nullable String defaultWarehouse) {
    Located<String> warehouse = f.get(WAREHOUSE);
    if (warehouse != null && Project.isRemote(warehouse.value())) {
      f.error(
          DiagnosticCode.INVALID_VALUE,
          warehouse.place(),
          "the warehouse is a DuckDB file of this machine, not \"" + warehouse.value() + "\"",
          "such as " + DEFAULT_WAREHOUSE);
    }
    return new Target.Common(
        f.owner().value(),
        f.owner().place(),
        f.get(DESCRIPTION),
        warehouse == null ? defaultWarehouse : warehouse.value(),
        f.or(OPTIONS, Map.of()));
  }

  /** The target {@code local} of a project that does not write it. */
  static Target local() {
    return new Target.Direct(
        new Target.Common(
            Project.LOCAL, Place.ofFile(Project.FILE), null, DEFAULT_WAREHOUSE, Map.of()));
  }
}
