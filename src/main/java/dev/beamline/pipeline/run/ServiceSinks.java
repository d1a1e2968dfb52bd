package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.io.TableRange;
import dev.beamline.io.bigquery.BigQueryRangeSink;
import dev.beamline.io.bigquery.BigQuerySink;
import dev.beamline.io.bigquery.LatestView;
import dev.beamline.io.bigquery.TableId;
import dev.beamline.io.bigquery.TableSettings;
import dev.beamline.io.bigquery.WriteMethod;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.kafka.KafkaSink;
import dev.beamline.io.kafka.KafkaTarget;
import dev.beamline.io.pubsub.PubsubSink;
import dev.beamline.plan.KeptKeys;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.QueryPlan.ResultWindow;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Located;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;
import dev.beamline.project.Windowing;
import dev.beamline.transform.ErrorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** The sinks of a target that writes to the real systems. */
final class ServiceSinks {

  private final Target target;
  private final Mode mode;
  private final boolean ends;
  private final @Nullable TableRange range;
  private final String run;
  private final PipelineOptions options;
  private final BiConsumer<String, PCollection<ErrorRecord>> refused;

  /**
   * Sinks of one run.
   *
   * @param run another for each run
   * @param ends whether it ends by itself
   * @param refused takes the rows that a system refuses, with the table they are kept in
   */
  ServiceSinks(
      RunSettings settings,
      String run,
      boolean ends,
      BiConsumer<String, PCollection<ErrorRecord>> refused) {
    this.target = settings.target();
    this.mode = settings.mode();
    this.ends = ends;
    this.range = settings.range();
    this.run = run;
    this.options = TargetOptions.of(target);
    this.refused = refused;
  }

  /** The sink of a query; empty where there is none of its kind, or where something is wrong. */
  Optional<SinkProvider> of(Query query, QueryPlan plan, SinkTable table, Problems problems) {
    if (query.sink() instanceof Sink.BigQuery sink) {
      return Optional.ofNullable(bigQuery(sink, query, plan, table, problems));
    }
    if (query.sink() instanceof Sink.Pubsub sink) {
      return Optional.of(
          new PubsubSink(
              table,
              PubsubNames.of("topics", sink.topic(), target, problems),
              sink.attributes(),
              sink.orderingKey() == null ? null : sink.orderingKey().value(),
              options,
              sink.common().place()));
    }
    if (query.sink() instanceof Sink.Kafka sink) {
      return Optional.of(kafka(sink, query, plan, table, problems));
    }
    return Optional.empty();
  }

  private SinkProvider kafka(
      Sink.Kafka sink, Query query, QueryPlan plan, SinkTable table, Problems problems) {
    List<Integer> key = new ArrayList<>();
    for (Located<String> column : sink.key()) {
      int index = table.schema().indexOf(column.value());
      if (index < 0) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.UNKNOWN_COLUMN,
                column.place(),
                "query " + query.name() + " has no column \"" + column.value() + "\"",
                NearestName.of(column.value(), table.schema().names())
                    .map(near -> "did you mean " + near + "?")
                    .orElse("the columns are " + String.join(", ", table.schema().names()))));
      } else {
        key.add(index);
      }
    }
    return new KafkaSink(
        new KafkaTarget(
            table,
            sink.bootstrapServers(),
            sink.topic().value(),
            FileFormat.valueOf(sink.format().name()),
            sink.key().isEmpty() ? plan.key() : key,
            table.upserts() && (sink.key().isEmpty() || plan.tellsApart(key)),
            sink.exactlyOnce(),
            new TargetSecrets(target).resolve(sink.producerConfig(), sink.topic().place()),
            sink.topic().place()),
        ends);
  }

  private @Nullable SinkProvider bigQuery(
      Sink.BigQuery sink, Query query, QueryPlan plan, SinkTable table, Problems problems) {
    Place place = sink.common().place();
    String project = sink.project() != null ? sink.project() : project(place, problems);
    if (project == null) {
      return null;
    }
    if (sink.loads() && sink.fileLoads() != null) {
      String wrong =
          mode == Mode.STREAMING
              ? "load jobs write pipelines that end, and this one streams"
              : table.upserts()
                  ? "load jobs append, and the rows of this query are upserted"
                  : null;
      if (wrong != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.CONFLICTING_SETTINGS,
                sink.fileLoads().place(),
                wrong,
                "use method: storage_write" + (table.upserts() ? ", or write: append" : "")));
        return null;
      }
    }
    WriteMethod method =
        sink.loads()
            ? WriteMethod.FILE_LOADS
            : sink.atLeastOnce() ? WriteMethod.AT_LEAST_ONCE : once();
    String errors = sink.errorOutput() == null ? ProjectSinks.QUERY_ERRORS : sink.errorOutput();
    TableSettings settings = TableSettings.of(sink, table, project);
    BigQuerySink whole =
        new BigQuerySink(
            settings,
            method,
            options,
            place,
            view(sink, query, plan, table),
            records -> refused.accept(errors, records));
    return range == null
        ? whole
        : new BigQueryRangeSink(
            whole,
            settings,
            method,
            options,
            range,
            run,
            records -> records.apply("Log", new LogErrors()));
  }

  private WriteMethod once() {
    return mode == Mode.BATCH ? WriteMethod.EXACTLY_ONCE : WriteMethod.WITH_CHECKPOINTS;
  }

  private @Nullable String project(Place place, Problems problems) {
    String project = TargetOptions.project(target, options);
    if (project == null) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.MISSING_KEY,
              place,
              "target " + target.name() + " tells no Google Cloud project for this sink",
              "add project: to the sink, or options: {project: NAME} to the target"));
    }
    return project;
  }

  /**
   * The view of newest panes: where panes are told apart, each takes the place of the one before,
   * and no row goes without another of its key. That a row has gone is not in a table that is
   * appended to: the view would show it for ever.
   */
  private static @Nullable LatestView view(
      Sink.BigQuery sink, Query query, QueryPlan plan, SinkTable table) {
    ResultWindow window = plan.window();
    if (window == null
        || table.upserts()
        || plan.key().isEmpty()
        || !KeptKeys.of(plan.plan())
        || !sink.common().paneColumns()
        || query.windowing().accumulationMode() != Windowing.AccumulationMode.ACCUMULATING) {
      return null;
    }
    List<String> key = plan.key().stream().map(index -> plan.schema().name(index)).toList();
    LatestView.Session session =
        window.spec() instanceof WindowSpec.Session
            ? new LatestView.Session(
                plan.schema().name(window.start()), plan.schema().name(window.end()))
            : null;
    return new LatestView(key, session);
  }

  /** The sink of a source's topic for records that were refused. */
  SinkProvider errorTopic(
      SinkTable table, Source source, Located<String> topic, Problems problems) {
    if (source.system() instanceof SourceSystem.Kafka kafka) {
      // What consumers are told about the brokers and about logging in is true of producers, too.
      Map<String, String> producer = new TreeMap<>();
      new TargetSecrets(target)
          .resolve(kafka.consumerConfig(), topic.place())
          .forEach(
              (option, value) -> {
                if (ProducerConfig.configNames().contains(option)) {
                  producer.put(option, value);
                }
              });
      return new KafkaSink(
          new KafkaTarget(
              table,
              kafka.bootstrapServers(),
              topic.value(),
              FileFormat.JSON,
              List.of(),
              false,
              false,
              producer,
              topic.place()),
          ends);
    }
    return new PubsubSink(
        table,
        PubsubNames.of("topics", topic, target, problems),
        Map.of("origin", "origin", "code", "code", "location", "location"),
        null,
        options,
        topic.place());
  }

  /** The sink of a table of errors, beside the tables of queries; empty: no query has one. */
  Optional<SinkProvider> errors(SinkTable table, Iterable<Sink> sinks) {
    for (Sink sink : sinks) {
      if (sink instanceof Sink.BigQuery beside) {
        String project =
            beside.project() != null ? beside.project() : TargetOptions.project(target, options);
        if (project != null) {
          return Optional.of(
              new BigQuerySink(
                  TableSettings.plain(new TableId(project, beside.dataset(), table.name()), table),
                  once(),
                  options,
                  beside.common().place(),
                  null,
                  records -> records.apply("Log", new LogErrors())));
        }
      }
    }
    return Optional.empty();
  }
}
