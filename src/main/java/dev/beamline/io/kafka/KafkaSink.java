package dev.beamline.io.kafka;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.Ledger;
import dev.beamline.io.SinkProvider;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.ProducerRecordCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes to a topic: a record each, and for a row that is withdrawn a tombstone of its key,
 * where the key tells rows apart. A topic that is compacted then holds the table.
 */
public final class KafkaSink implements SinkProvider {

  private final KafkaTarget target;
  private final boolean ends;

  /**
   * A sink.
   *
   * @param ends whether the run ends by itself
   */
  public KafkaSink(KafkaTarget target, boolean ends) {
    this.target = target;
    this.ends = ends;
  }

  @Override
  public String name() {
    return target.table().name();
  }

  @Override
  public void check(Problems problems) {
    Map<String, Object> config = config();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, target.servers());
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    try {
      new KafkaProducer<byte[], byte[]>(config).close(java.time.Duration.ZERO);
    } catch (KafkaException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.INVALID_VALUE,
              target.place(),
              "the kafka sink of " + name() + ": " + KafkaChecks.withoutValues(e)));
    }
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(target.producer());
    config.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
    config.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "5");
    return config;
  }

  @Override
  public void prepare() throws IOException {
    // Topics are made by those who run the brokers, or by the brokers themselves.
  }

  @Override
  public void write(PCollection<Change> changes) {
    if (target.exactlyOnce()) {
      changes.apply("Once", new SendOnce(target, config(), ends));
      return;
    }
    KafkaIO.WriteRecords<byte[], byte[]> write =
        KafkaIO.<byte[], byte[]>writeRecords()
            .withBootstrapServers(target.servers())
            .withTopic(target.topic())
            .withKeySerializer(ByteArraySerializer.class)
            .withValueSerializer(ByteArraySerializer.class)
            .withProducerConfigUpdates(config());
    changes
        .apply("Encode", ParDo.of(new Encode(target)))
        .setCoder(
            ProducerRecordCoder.of(
                NullableCoder.of(ByteArrayCoder.of()), NullableCoder.of(ByteArrayCoder.of())))
        .apply("Send", write);
  }

  @Override
  public void complete() {
    // A producer has sent all when its bundle ends.
  }

  @Override
  public void abandon() {
    // What was sent was sent; open transactions are given up by the brokers.
  }

  static final class Encode extends DoFn<Change, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    private final KafkaTarget target;
    private final Counter written;
    private transient @Nullable ChangeEncoder encoder;

    Encode(KafkaTarget target) {
      this.target = target;
      this.written = Ledger.counter(Ledger.WRITTEN, target.table().name());
    }

    @Setup
    public void setup() {
      encoder = new ChangeEncoder(target);
    }

    @ProcessElement
    public void process(
        @Element Change change, OutputReceiver<ProducerRecord<byte[], byte[]>> receiver)
        throws IOException {
      ChangeEncoder encoding = java.util.Objects.requireNonNull(encoder);
      ProducerRecord<byte[], byte[]> record = encoding.record(change);
      if (record != null) {
        receiver.output(record);
      }
      if (!change.withdrawn()) {
        written.inc();
      }
    }
  }
}
