package dev.beamline.io.kafka;

import dev.beamline.io.Ledger;
import dev.beamline.io.ServiceException;
import dev.beamline.io.once.ChangesByWriter;
import dev.beamline.io.once.NumberChanges;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends each change once, whatever dies: changes are numbered, and a transaction of Kafka holds a
 * bundle's records together with the number that comes next, as the committed offset of a group
 * that is named after the writer. What comes a second time has a lower number. (KafkaIO's own sink
 * keeps its writer's name in a state that a crash right after the first transaction loses, and
 * never starts again.)
 */
final class SendOnce extends PTransform<PCollection<Change>, PDone> {

  private static final long serialVersionUID = 1L;

  private final KafkaTarget target;
  private final Map<String, Object> config;
  private final boolean ends;

  /**
   * @param config of the producer, without servers and serializers
   * @param ends whether the run ends by itself: no checkpoint comes after its last rows, which
   *     would wait for one
   */
  SendOnce(KafkaTarget target, Map<String, Object> config, boolean ends) {
    this.target = target;
    this.config = new HashMap<>(config);
    this.ends = ends;
  }

  @Override
  public PDone expand(PCollection<Change> changes) {
    PCollection<KV<String, Change>> numbered = changes.apply("Numbers", new NumberChanges());
    numbered.apply(
        "Send",
        ends
            ? ParDo.of(new BatchSendFn(target, config))
            : ParDo.of(new StableSendFn(target, config)));
    return PDone.in(changes.getPipeline());
  }

  /** Sends bundles, a transaction each. */
  abstract static class SendFn extends DoFn<KV<String, Change>, Void> {

    private static final long serialVersionUID = 1L;

    private final KafkaTarget target;
    private final HashMap<String, Object> config;
    private final boolean stable;
    private final Counter written;
    private transient @Nullable ChangeEncoder encoder;
    private transient @Nullable Map<String, Writer> writers;
    private transient @Nullable ChangesByWriter bundle;

    /**
     * @param stable whether a change that comes again has the number that it had
     */
    SendFn(KafkaTarget target, Map<String, Object> config, boolean stable) {
      this.target = target;
      this.stable = stable;
      this.config = new HashMap<>(config);
      this.written = Ledger.counter(Ledger.WRITTEN, target.table().name());
    }

    @Setup
    public void setup() {
      encoder = new ChangeEncoder(target);
      writers = new HashMap<>();
      bundle = new ChangesByWriter();
    }

    private ChangesByWriter bundle() {
      return Objects.requireNonNull(bundle);
    }

    @StartBundle
    public void startBundle() {
      bundle().clear();
    }

    final void add(KV<String, Change> numbered) {
      bundle().add(numbered);
    }

    @FinishBundle
    public void finishBundle() throws IOException {
      for (Map.Entry<String, List<Change>> of : bundle().take().entrySet()) {
        Map<String, Writer> open = Objects.requireNonNull(writers);
        Writer writer = open.get(of.getKey());
        if (writer == null) {
          writer = new Writer(target, config, of.getKey());
          if (!stable && writer.hasCommitted()) {
            writer.close();
            throw new IOException(
                "the run has failed after it had sent records to "
                    + target.topic()
                    + ", and one that ends cannot tell which of them come again");
          }
          if (stable && writer.hasForgotten(of.getValue())) {
            writer.close();
            throw new ServiceException(
                "records for "
                    + target.topic()
                    + " may have waited to be sent when the pipeline was stopped, and the brokers have"
                    + " forgotten since which they have (offsets.retention.minutes): nobody can tell"
                    + " which would come twice. To go on without, run with --fresh",
                null);
          }
          open.put(of.getKey(), writer);
        }
        try {
          written.inc(writer.send(of.getValue(), Objects.requireNonNull(encoder)));
        } catch (KafkaException e) {
          // Whatever state the producer is in: the next one begins where the last commit was.
          open.remove(of.getKey());
          writer.close();
          throw e;
        }
      }
    }

    @Teardown
    public void teardown() {
      Map<String, Writer> open = writers;
      writers = null;
      if (open != null) {
        open.values().forEach(Writer::close);
      }
    }
  }

  /** Of a stream: what a checkpoint has. The state makes a writer's changes come to one place. */
  static final class StableSendFn extends SendFn {

    private static final long serialVersionUID = 1L;

    @StateId("here")
    @SuppressWarnings("unused") // By reflection.
    private final StateSpec<ValueState<Integer>> here = StateSpecs.value(VarIntCoder.of());

    StableSendFn(KafkaTarget target, Map<String, Object> config) {
      super(target, config, true);
    }

    @RequiresStableInput
    @ProcessElement
    public void process(
        @Element KV<String, Change> numbered, @StateId("here") ValueState<Integer> unused) {
      add(numbered);
    }
  }

  /** Of a run that ends, and begins anew where it fails. */
  static final class BatchSendFn extends SendFn {

    private static final long serialVersionUID = 1L;

    BatchSendFn(KafkaTarget target, Map<String, Object> config) {
      super(target, config, false);
    }

    @ProcessElement
    public void process(@Element KV<String, Change> numbered) {
      add(numbered);
    }
  }

  /** The producer of one writer, and what it has committed. */
  private static final class Writer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Nothing was committed yet, or so long ago that the brokers have forgotten it. */
    private static final long UNKNOWN = -1;

    private final KafkaTarget target;
    private final String group;
    private final TopicPartition place;
    private final KafkaProducer<byte[], byte[]> producer;
    private long next;

    Writer(KafkaTarget target, Map<String, Object> given, String name) {
      this.target = target;
      this.group = "beamline-" + target.topic() + "-" + name;
      this.place = new TopicPartition(target.topic(), 0);
      Map<String, Object> config = new HashMap<>(given);
      config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, target.servers());
      config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
      config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
      config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
      config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
      // Plugins of the client, such as logins, are found by the loader that has the client itself.
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(KafkaProducer.class.getClassLoader());
      try {
        this.producer = new KafkaProducer<>(config);
        boolean ready = false;
        try {
          // Ends what a process that died had begun.
          producer.initTransactions();
          next = committed(given);
          ready = true;
        } finally {
          if (!ready) {
            producer.close(Duration.ZERO);
          }
        }
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    /** The number after the last one that is committed. */
    private long committed(Map<String, Object> given) {
      Map<String, Object> config = new HashMap<>();
      given.forEach(
          (option, value) -> {
            if (ConsumerConfig.configNames().contains(option)) {
              config.put(option, value);
            }
          });
      config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, target.servers());
      config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
      config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      config.put(
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
      config.put(
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
      try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
        OffsetAndMetadata of = consumer.committed(Set.of(place), PATIENCE).get(place);
        return of == null ? UNKNOWN : of.offset();
      }
    }

    /** Whether others than the first of all changes are the first to be sent. */
    boolean hasForgotten(List<Change> changes) {
      return next == UNKNOWN && changes.stream().noneMatch(change -> change.sequence() == 0);
    }

    boolean hasCommitted() {
      return next != UNKNOWN;
    }

    /** What fails to be sent fails the commit. */
    private void send(ProducerRecord<byte[], byte[]> record) {
      var unused = producer.send(record);
    }

    /** How many rows were sent. */
    long send(List<Change> changes, ChangeEncoder encoder) throws IOException {
      List<Change> fresh = changes.stream().filter(c -> c.sequence() >= next).toList();
      if (fresh.isEmpty()) {
        return 0;
      }
      long rows = 0;
      long expected = next == UNKNOWN ? fresh.get(0).sequence() : next;
      producer.beginTransaction();
      for (Change change : fresh) {
        if (change.sequence() != expected) {
          throw new IllegalStateException(
              "change " + change.sequence() + " of " + group + " came before " + expected);
        }
        expected++;
        ProducerRecord<byte[], byte[]> record = encoder.record(change);
        if (record != null) {
          send(record);
        }
        if (!change.withdrawn()) {
          rows++;
        }
      }
      producer.sendOffsetsToTransaction(
          Map.of(place, new OffsetAndMetadata(expected)), new ConsumerGroupMetadata(group));
      producer.commitTransaction();
      next = expected;
      return rows;
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(5));
    }
  }
}
