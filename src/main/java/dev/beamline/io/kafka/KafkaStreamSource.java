package dev.beamline.io.kafka;

import dev.beamline.catalog.Schema;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.stream.CurrentSources;
import dev.beamline.io.stream.RowChunk;
import dev.beamline.io.stream.RowChunkCoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a stream of chunks. Each split has partitions of its own, for good: a partition that
 * is added to the topic is read from when the pipeline starts again.
 */
final class KafkaStreamSource extends UnboundedSource<RowChunk, KafkaMark> {

  private static final long serialVersionUID = 1L;

  private final KafkaSource source;
  private final RowShape shape;
  private final Schema read;
  private final int eventTime;
  private final String run;
  private final List<Integer> partitions;

  /**
   * Reads some partitions.
   *
   * @param partitions empty: all of them
   */
  KafkaStreamSource(
      KafkaSource source,
      RowShape shape,
      Schema read,
      int eventTime,
      String run,
      List<Integer> partitions) {
    this.source = source;
    this.shape = shape;
    this.read = read;
    this.eventTime = eventTime;
    this.run = run;
    this.partitions = List.copyOf(partitions);
  }

  @Override
  public List<KafkaStreamSource> split(int desired, PipelineOptions options) throws IOException {
    List<List<Integer>> parts = new ArrayList<>();
    for (int partition : all()) {
      if (parts.size() < Math.max(1, desired)) {
        parts.add(new ArrayList<>());
      }
      parts.get(partition % Math.max(1, desired) % parts.size()).add(partition);
    }
    return parts.stream()
        .map(part -> new KafkaStreamSource(source, shape, read, eventTime, run, part))
        .toList();
  }

  private List<Integer> all() throws IOException {
    if (!partitions.isEmpty()) {
      return partitions;
    }
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(source)) {
      return KafkaClients.partitions(consumer, source).stream()
          .map(TopicPartition::partition)
          .toList();
    }
  }

  @Override
  public KafkaStreamReader createReader(PipelineOptions options, @Nullable KafkaMark mark)
      throws IOException {
    // Restored from state, this one is as the project was then; only the partitions are its own.
    KafkaStreamSource now = CurrentSources.find(options, source.name(), KafkaStreamSource.class);
    KafkaStreamSource as = now == null ? this : now;
    return new KafkaStreamReader(this, as.source, as.shape, as.eventTime, as.run, all(), mark);
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
