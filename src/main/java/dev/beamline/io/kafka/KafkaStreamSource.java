package dev.beamline.io.kafka;

import dev.beamline.catalog.Schema;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.stream.CurrentSources;
import dev.beamline.io.stream.RowChunk;
import dev.beamline.io.stream.RowChunkCoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A topic as a stream of chunks. Each split has a share of the partitions, for good. */
final class KafkaStreamSource extends UnboundedSource<RowChunk, KafkaMark> {

  private static final long serialVersionUID = 1L;

  private final KafkaSource source;
  private final RowShape shape;
  private final Schema read;
  private final int eventTime;
  private final String run;

  /** What state of before there were shares has alone. */
  private final List<Integer> partitions;

  private final @Nullable Share share;

  /** Reads a share of the partitions. */
  KafkaStreamSource(
      KafkaSource source, RowShape shape, Schema read, int eventTime, String run, Share share) {
    this.source = source;
    this.shape = shape;
    this.read = read;
    this.eventTime = eventTime;
    this.run = run;
    this.partitions = new ArrayList<>(share.partitions());
    this.share = share;
  }

  private Share share() {
    return share == null ? new Share(partitions, 0, 0, 0) : share;
  }

  @Override
  public List<KafkaStreamSource> split(int desired, PipelineOptions options) throws IOException {
    if (!share().equals(Share.ALL)) {
      return List.of(this);
    }
    List<Integer> all;
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(source)) {
      all =
          KafkaClients.partitions(consumer, source).stream()
              .map(TopicPartition::partition)
              .toList();
    }
    return Share.split(all, desired).stream()
        .map(part -> new KafkaStreamSource(source, shape, read, eventTime, run, part))
        .toList();
  }

  @Override
  public KafkaStreamReader createReader(PipelineOptions options, @Nullable KafkaMark mark)
      throws IOException {
    // Restored from state, this one is as the project was then; only the partitions are its own.
    KafkaStreamSource now = CurrentSources.find(options, source.name(), KafkaStreamSource.class);
    KafkaStreamSource as = now == null ? this : now;
    KafkaStreamReader reader = as.reader(this, System::nanoTime, mark);
    reader.opened();
    return reader;
  }

  /**
   * A reader.
   *
   * @param of the source whose share it reads
   * @param nanos the clock
   */
  KafkaStreamReader reader(KafkaStreamSource of, LongSupplier nanos, @Nullable KafkaMark mark)
      throws IOException {
    return new KafkaStreamReader(of, source, shape, eventTime, run, of.share(), nanos, mark);
  }

  @Override
  public Coder<KafkaMark> getCheckpointMarkCoder() {
    return SerializableCoder.of(KafkaMark.class);
  }

  @Override
  public Coder<RowChunk> getOutputCoder() {
    return RowChunkCoder.of(read);
  }
}
