package dev.beamline.deploy.manifest;

import com.google.common.hash.Hashing;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.deploy.manifest.QueryManifest.ColumnManifest;
import dev.beamline.deploy.manifest.QueryManifest.SinkManifest;
import dev.beamline.io.jdbc.JdbcTable;
import dev.beamline.io.kafka.KafkaOptions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.ColumnDefinition;
import dev.beamline.project.Durations;
import dev.beamline.project.Format;
import dev.beamline.project.Located;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;
import dev.beamline.project.Windowing;
import dev.beamline.sql.CompiledProject;
import dev.beamline.transform.Panes;
import dev.beamline.transform.group.StateFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes manifests of a project that is compiled. */
public final class Manifests {

  private final CompiledProject compiled;
  private final Project project;
  private final Target target;
  private final Set<String> pipelineQueries = new TreeSet<>();

  private Manifests(CompiledProject compiled, Target target) {
    this.compiled = compiled;
    this.project = compiled.project();
    this.target = target;
  }

  /**
   * The manifest of a pipeline.
   *
   * @param compiled the pipeline's queries and those that they read
   * @param version of Beamline
   * @param commit of the project; null: not known
   */
  public static Manifest of(
      CompiledProject compiled,
      PipelineDefinition pipeline,
      Target target,
      String version,
      @Nullable String commit,
      Instant now) {
    return new Manifests(compiled, target).manifest(pipeline, version, commit, now);
  }

  private Manifest manifest(
      PipelineDefinition pipeline, String version, @Nullable String commit, Instant now) {
    Set<String> names = new TreeSet<>(pipeline.queries());
    pipeline.queries().forEach(name -> names.addAll(Plans.queries(compiled.plan(name).plan())));
    pipelineQueries.addAll(names);
    Map<String, QueryManifest> queries = new TreeMap<>();
    Map<String, SourceManifest> sources = new TreeMap<>();
    for (String name : names) {
      QueryManifest query = query(name, pipeline.queries().contains(name));
      queries.put(name, query);
      for (String source : query.sources()) {
        Source declared = project.sources().get(source);
        if (declared != null) {
          sources.put(source, source(declared));
        }
      }
    }
    String mode = pipeline.mode() == Mode.STREAMING ? "streaming" : "batch";
    Map<String, String> settings = settings();
    String hash =
        SemanticText.hash(
            java.util.Arrays.asList(
                project.name(),
                pipeline.name(),
                mode,
                version,
                StateFormat.VERSION,
                settings,
                withoutText(queries),
                sources));
    return new Manifest(
        Manifest.FORMAT,
        project.name(),
        pipeline.name(),
        target.name(),
        mode,
        version,
        StateFormat.VERSION,
        settings,
        queries,
        sources,
        hash,
        commit,
        now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString(),
        null,
        Map.of());
  }

  /** Comments and layout of the SQL mean nothing: the plans are in the hash. */
  private static Map<String, QueryManifest> withoutText(Map<String, QueryManifest> queries) {
    Map<String, QueryManifest> bare = new TreeMap<>();
    queries.forEach((name, query) -> bare.put(name, query.withSql("")));
    return bare;
  }

  private QueryManifest query(String name, boolean output) {
    Query query = project.query(name);
    QueryPlan plan = compiled.plan(name);
    Set<String> queries = new TreeSet<>();
    Set<String> sources = new TreeSet<>();
    reads(plan.plan(), queries, sources);
    Schema schema = query.sink().common().paneColumns() ? Panes.schema(plan) : plan.schema();
    List<ColumnManifest> columns = new ArrayList<>();
    for (Column column : schema.columns()) {
      columns.add(new ColumnManifest(column.name(), column.type().sql()));
    }
    WindowSpec window = plan.window() == null ? null : plan.window().spec();
    Windowing windowing = query.windowing();
    boolean upsert = query.upserts(!plan.key().isEmpty());
    Map<String, String> firing = new TreeMap<>();
    firing.put("allowed_lateness", Durations.format(windowing.allowedLateness()));
    firing.put("early", firing(windowing.trigger().early()));
    firing.put("late", firing(windowing.trigger().late()));
    return new QueryManifest(
        output,
        query.file().text(),
        SemanticText.hash(plan.plan()),
        List.copyOf(queries),
        List.copyOf(sources),
        columns,
        plan.key().stream().map(i -> plan.schema().name(i)).toList(),
        window == null
            ? "none"
            : PlanText.window(window, "t").replace("(t, ", "(").replace("(t)", ""),
        WindowGrid.of(window).period(),
        WindowGrid.of(window).offset(),
        firing,
        windowing.accumulationMode().name().toLowerCase(Locale.ROOT),
        upsert,
        sink(query.sink()),
        state(name, plan, upsert),
        query.description());
  }

  /**
   * What a group has sent is kept by reader and by the key of the table, so that these are part of
   * its form; and what reads results that change keeps more than what reads final ones.
   */
  private List<String> state(String name, QueryPlan plan, boolean upsert) {
    List<String> state = new ArrayList<>(StateShapes.of(plan.plan()));
    long groups = state.stream().filter(shape -> !shape.startsWith("windows")).count();
    if (!state.isEmpty()) {
      state.add(
          "sent by "
              + (upsert
                  ? plan.key().stream()
                      .map(i -> ColumnText.of(plan.plan(), i) + " " + plan.schema().type(i).sql())
                      .toList()
                  : "row"));
      Set<String> read = new TreeSet<>();
      reads(plan.plan(), read, new TreeSet<>());
      List<String> changing = new ArrayList<>(read.stream().filter(this::manyPanes).toList());
      if (groups > 1 && manyPanes(name)) {
        changing.add("its own");
      }
      if (groups > 1 || !read.isEmpty()) {
        state.add("results that change: " + changing);
      }
      Set<String> readers = new TreeSet<>();
      for (String other : pipelineQueries) {
        Set<String> queries = new TreeSet<>();
        reads(compiled.plan(other).plan(), queries, new TreeSet<>());
        if (queries.contains(name)) {
          readers.add(other);
        }
      }
      state.add("read by " + readers);
    }
    return state;
  }

  private boolean manyPanes(String query) {
    Windowing windowing = project.query(query).windowing();
    return windowing.trigger().early() != null || !windowing.allowedLateness().isZero();
  }

  private static String firing(Windowing.@Nullable Firing firing) {
    if (firing instanceof Windowing.Every every) {
      return "every " + Durations.format(every.period());
    }
    return firing instanceof Windowing.AfterCount count
        ? "after " + count.count() + " rows"
        : "none";
  }

  private SinkManifest sink(Sink sink) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("pane_columns", Boolean.toString(sink.common().paneColumns()));
    boolean local = sink instanceof Sink.Files files && !Project.isRemote(files.path().value());
    String warehouse = target.common().warehouse();
    if (warehouse != null && !local && !(sink instanceof Sink.Console)) {
      return new SinkManifest("duckdb", sink.table(), settings);
    }
    if (sink instanceof Sink.BigQuery table) {
      put(settings, "partition_by", located(table.partitionBy()));
      put(
          settings,
          "partition_granularity",
          table.partitionBy() == null ? null : table.granularity().name());
      put(
          settings,
          "cluster_by",
          String.join(",", table.clusterBy().stream().map(Located::value).toList()));
      settings.put("at_least_once", Boolean.toString(table.atLeastOnce()));
      put(settings, "error_output", table.errorOutput());
      put(settings, "method", table.loads() ? "file_loads" : null);
      put(settings, "labels", filled(table.labels()));
      return new SinkManifest(sink.type(), table.qualifiedName(), settings);
    } else if (sink instanceof Sink.Pubsub topic) {
      put(settings, "attributes", topic.attributes().toString());
      put(settings, "ordering_key", located(topic.orderingKey()));
      return new SinkManifest(sink.type(), topic.topic().value(), settings);
    } else if (sink instanceof Sink.Kafka topic) {
      settings.put("bootstrap_servers", topic.bootstrapServers());
      put(settings, "key", String.join(",", topic.key().stream().map(Located::value).toList()));
      put(settings, "format", topic.format() == Format.JSON ? null : topic.format().name());
      put(settings, "delivery", topic.exactlyOnce() ? "exactly_once" : null);
      put(settings, "producer_config", filled(KafkaOptions.ofProducer(topic.producerConfig())));
      return new SinkManifest(sink.type(), topic.topic().value(), settings);
    } else if (sink instanceof Sink.Files files) {
      settings.put("format", files.format().name());
      settings.put("shards", Integer.toString(files.shards()));
      return new SinkManifest(sink.type(), files.path().value(), settings);
    } else if (sink instanceof Sink.DuckDb database) {
      put(settings, "path", located(database.path()));
    }
    return new SinkManifest(sink.type(), sink.table(), settings);
  }

  private SourceManifest source(Source source) {
    Map<String, String> columns = new TreeMap<>();
    for (ColumnDefinition column : source.columns()) {
      columns.put(
          column.name().value(),
          column.type().value().sql() + (column.required() ? " required" : ""));
    }
    Map<String, String> settings = new TreeMap<>();
    put(settings, "event_time", located(source.eventTime()));
    put(settings, "max_out_of_orderness", Durations.format(source.watermark().maxOutOfOrderness()));
    put(
        settings,
        "idle_timeout",
        source.watermark().idleTimeout() == null
            ? null
            : Durations.format(source.watermark().idleTimeout()));
    Source.Deduplication deduplicate = source.deduplicate();
    if (deduplicate != null) {
      settings.put(
          "deduplicate_by",
          String.join(",", deduplicate.by().stream().map(Located::value).toList()));
      settings.put("deduplicate_within", Durations.format(deduplicate.within()));
    }
    settings.put("error_output", source.errorTable());
    put(settings, "error_topic", located(source.errorTopic()));
    put(settings, "refresh", source.refresh() == null ? null : Durations.format(source.refresh()));
    put(settings, "join_version", source.byEventTime() ? "event_time" : null);
    SourceSystem system = source.system();
    String location;
    if (system instanceof SourceSystem.Pubsub pubsub) {
      location =
          String.valueOf(
              located(pubsub.subscription() != null ? pubsub.subscription() : pubsub.topic()));
      settings.put("format", pubsub.format().name());
      put(settings, "id_attribute", pubsub.idAttribute());
      put(settings, "timestamp_attribute", pubsub.timestampAttribute());
      put(settings, "attributes", filled(pubsub.attributes()));
    } else if (system instanceof SourceSystem.Kafka kafka) {
      location = kafka.bootstrapServers() + "/" + kafka.topic().value();
      settings.put("format", kafka.format().name());
      put(settings, "group_id", kafka.groupId());
      put(settings, "key", located(kafka.keyColumn()));
      put(settings, "headers", filled(kafka.headers()));
      put(settings, "auto_offset_reset", kafka.fromLatest() ? "latest" : null);
      put(settings, "consumer_config", filled(KafkaOptions.ofConsumer(kafka.consumerConfig())));
    } else if (system instanceof SourceSystem.Files files) {
      location = files.path().value();
      settings.put("format", files.format().name());
      if (!files.csv().equals(SourceSystem.CsvOptions.DEFAULT)) {
        settings.put("csv", SemanticText.of(files.csv()));
      }
      if (target instanceof Target.Dataflow && !Project.isRemote(location)) {
        put(settings, "content", content(project.resolve(location)));
      }
    } else if (system instanceof SourceSystem.Jdbc jdbc) {
      location = JdbcTable.withoutSecrets(jdbc.url().value()) + "/" + jdbc.from().text().value();
    } else {
      location = ((SourceSystem.BigQuery) system).from().text().value();
    }
    if (target.common().warehouse() != null && source.sample() != null) {
      location = source.sample().value();
    }
    return new SourceManifest(system.type(), location, columns, settings);
  }

  /** The entries in the order of their names; null: there are none. */
  private static @Nullable String filled(Map<String, String> entries) {
    return entries.isEmpty() ? null : new TreeMap<>(entries).toString();
  }

  /** Workers read a copy of a file of this machine: another content is another deployment. */
  private static @Nullable String content(Path file) {
    try {
      return Files.isRegularFile(file)
          ? Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString().substring(0, 16)
          : null;
    } catch (IOException e) {
      // A file that cannot be read is reported where it is staged.
      return null;
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("runner", target.runner());
    target.common().options().forEach((k, v) -> settings.put("options." + k, v));
    put(settings, "warehouse", target.common().warehouse());
    if (target instanceof Target.Dataflow dataflow) {
      settings.put("project", dataflow.project());
      settings.put("region", dataflow.region());
      put(settings, "service_account", dataflow.serviceAccount());
      put(settings, "network", dataflow.network());
      put(settings, "subnetwork", dataflow.subnetwork());
      put(settings, "worker_machine_type", dataflow.workerMachineType());
      put(settings, "max_workers", string(dataflow.maxWorkers()));
      put(settings, "streaming_engine", string(dataflow.streamingEngine()));
      dataflow.labels().forEach((k, v) -> settings.put("labels." + k, v));
    } else if (target instanceof Target.Flink flink) {
      put(settings, "parallelism", string(flink.parallelism()));
      put(
          settings,
          "checkpoint_every",
          flink.checkpointEvery() == null ? null : Durations.format(flink.checkpointEvery()));
      put(settings, "state_backend", flink.stateBackend());
    }
    return settings;
  }

  private static @Nullable String string(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable String located(@Nullable Located<String> value) {
    return value == null ? null : value.value();
  }

  private static void put(Map<String, String> settings, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      settings.put(name, value);
    }
  }

  private static void reads(Plan plan, Set<String> queries, Set<String> sources) {
    if (plan instanceof Plan.QueryResult result) {
      queries.add(result.query());
      return;
    }
    if (plan instanceof Plan.Scan scan) {
      sources.add(scan.source());
    }
    plan.inputs().forEach(input -> reads(input, queries, sources));
  }
}
