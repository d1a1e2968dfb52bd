package dev.beamline.pipeline.run;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.bigquery.BigQuerySource;
import dev.beamline.io.bigquery.TableId;
import dev.beamline.io.format.MessageDecoder;
import dev.beamline.io.pubsub.PubsubSettings;
import dev.beamline.io.pubsub.PubsubSource;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.SourceTables;
import dev.beamline.project.Target;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The sources of a target that reads from the real systems. */
final class ServiceSources {

  private ServiceSources() {}

  /**
   * The reader of a source; empty where its system is none of Google Cloud's.
   *
   * @param streaming whether the pipeline goes on, so that tables change meanwhile
   * @param problems gets what is wrong with it
   */
  static Optional<SourceProvider> of(
      Target target, Source source, boolean streaming, Problems problems) {
    if (source.system() instanceof SourceSystem.Pubsub pubsub) {
      return Optional.of(
          new PubsubSource(
              pubsub(target, source, pubsub, SourceTables.schema(source), problems),
              TargetOptions.of(target)));
    }
    if (source.system() instanceof SourceSystem.BigQuery bigQuery) {
      return Optional.ofNullable(bigQuery(target, source, bigQuery, streaming, problems));
    }
    return Optional.empty();
  }

  private static @Nullable SourceProvider bigQuery(
      Target target,
      Source source,
      SourceSystem.BigQuery bigQuery,
      boolean streaming,
      Problems problems) {
    PipelineOptions options = TargetOptions.of(target);
    String table = bigQuery.from().table();
    String project = TargetOptions.project(target, options);
    if (table != null && project == null && table.split("\\.", -1).length < 3) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.MISSING_KEY,
              bigQuery.from().text().place(),
              "target " + target.name() + " tells no Google Cloud project for \"" + table + "\"",
              "write project.dataset.table, or options: {project: NAME} of the target"));
      return null;
    }
    return new BigQuerySource(
        source.name(),
        table == null ? null : TableId.parse(table, String.valueOf(project)),
        bigQuery.from().query(),
        SourceTables.schema(source),
        options,
        bigQuery.from().text().place(),
        streaming ? source.refresh() : null);
  }

  private static PubsubSettings pubsub(
      Target target, Source source, SourceSystem.Pubsub pubsub, Schema columns, Problems problems) {
    @Nullable String topic =
        pubsub.topic() == null ? null : PubsubNames.of("topics", pubsub.topic(), target, problems);
    @Nullable String subscription =
        pubsub.subscription() == null
            ? null
            : PubsubNames.of("subscriptions", pubsub.subscription(), target, problems);
    return new PubsubSettings(
        source.name(),
        topic,
        subscription,
        MessageDecoder.format(pubsub.format().name()),
        columns,
        pubsub.attributes(),
        pubsub.idAttribute(),
        source.watermark().maxOutOfOrderness(),
        source.watermark().idleTimeout());
  }
}
