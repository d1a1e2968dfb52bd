package dev.beamline.io.pubsub;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.Ledger;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.io.format.ValueText;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessageWithAttributesAndMessageIdAndOrderingKeyCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a query's changes, a message each, in JSON. Where the query has a key, the attribute
 * {@value #CHANGE} says whether the row of that key is put or withdrawn.
 */
public final class PubsubSink implements SinkProvider {

  /** UPSERT, or DELETE of a row that no longer qualifies. */
  public static final String CHANGE = "change";

  private final SinkTable table;
  private final String topic;
  private final Map<String, String> attributes;
  private final @Nullable String orderingKey;
  private final PipelineOptions options;
  private final Place place;

  /**
   * A sink.
   *
   * @param topic {@code projects/P/topics/T}
   * @param attributes columns to attributes that they also go to
   * @param orderingKey the column whose equal values stay in order; null: no order
   */
  public PubsubSink(
      SinkTable table,
      String topic,
      Map<String, String> attributes,
      @Nullable String orderingKey,
      PipelineOptions options,
      Place place) {
    this.table = table;
    this.topic = topic;
    this.attributes = new LinkedHashMap<>(attributes);
    this.orderingKey = orderingKey;
    this.options = options;
    this.place = place;
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public void check(Problems problems) {
    // Columns were checked with the query.
  }

  @Override
  public void prepare() throws IOException {
    PubsubClients.reach(options);
    try (PubsubClient client = PubsubClients.of(options)) {
      if (!client.isTopicExists(PubsubClient.topicPathFromPath(topic))) {
        throw new InvalidProjectException(
            Diagnostic.error(
                DiagnosticCode.SINK_SCHEMA,
                place,
                "there is no topic " + topic,
                "to make it: gcloud pubsub topics create " + topic));
      }
    }
  }

  @Override
  public void write(PCollection<Change> changes) {
    PCollection<PubsubMessage> messages =
        changes
            .apply("Format", ParDo.of(new FormatFn(table, attributes, orderingKey)))
            .setCoder(PubsubMessageWithAttributesAndMessageIdAndOrderingKeyCoder.of());
    // Dataflow has a writer of its own in place of Beam's.
    if (changes.getPipeline().getOptions().getRunner().getSimpleName().equals("DataflowRunner")) {
      PubsubIO.Write<PubsubMessage> publish = PubsubIO.writeMessages().to(topic);
      messages.apply("Publish", orderingKey == null ? publish : publish.withOrderingKey());
    } else {
      messages.apply("Publish", ParDo.of(new PublishFn(topic)));
    }
  }

  @Override
  public void complete() {
    // Messages are there as they are published.
  }

  @Override
  public void abandon() {
    // What was published has its readers.
  }

  private static final class FormatFn extends DoFn<Change, PubsubMessage> {
    private static final long serialVersionUID = 1L;

    private final SinkTable table;
    private final Map<String, String> attributes;
    private final int orderingKey;
    private final Counter written;

    FormatFn(SinkTable table, Map<String, String> attributes, @Nullable String orderingKey) {
      this.table = table;
      this.attributes = attributes;
      this.orderingKey = orderingKey == null ? -1 : table.schema().indexOf(orderingKey);
      this.written = Ledger.counter(Ledger.WRITTEN, table.name());
    }

    @ProcessElement
    public void process(@Element Change change, OutputReceiver<PubsubMessage> receiver) {
      if (change.withdrawn() && !table.upserts()) {
        return;
      }
      Schema schema = table.schema();
      Map<String, String> values = new HashMap<>();
      attributes.forEach(
          (column, attribute) -> {
            String text = text(change, schema.indexOf(column));
            if (text != null) {
              values.put(attribute, text);
            }
          });
      if (table.upserts()) {
        values.put(CHANGE, change.withdrawn() ? "DELETE" : "UPSERT");
      }
      if (!change.withdrawn()) {
        written.inc();
      }
      byte[] payload =
          ValueText.jsonObject(schema, change.row(), ValueText.Numbers.SAFE)
              .getBytes(StandardCharsets.UTF_8);
      String key = orderingKey < 0 ? null : text(change, orderingKey);
      receiver.output(new PubsubMessage(payload, values, null, key == null ? "" : key));
    }

    private @Nullable String text(Change change, int index) {
      Column column = table.schema().column(index);
      Object value = change.row().get(index);
      return value == null ? null : ValueText.text(column.type(), value);
    }
  }
}
