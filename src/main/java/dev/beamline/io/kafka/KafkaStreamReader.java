package dev.beamline.io.kafka;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.stream.ChunkReader;
import dev.beamline.io.stream.RowChunk;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.window.EventTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads some partitions: a chunk is what one poll has brought. */
final class KafkaStreamReader extends ChunkReader {

  /** Short, since the thread that polls also tells the watermark. */
  private static final Duration POLL = Duration.ofMillis(10);

  private final KafkaSource source;
  private final int eventTime;
  private final Consumer<byte[], byte[]> consumer;
  private final KafkaRecords records;
  private final Map<Integer, TopicPartition> partitions = new LinkedHashMap<>();
  private final Map<Integer, PartitionClock> clocks = new LinkedHashMap<>();
  private final Map<Integer, Long> next = new LinkedHashMap<>();
  private final OffsetCommits commits = new OffsetCommits();
  private final TopicClock topic;

  KafkaStreamReader(
      KafkaStreamSource of,
      KafkaSource source,
      RowShape shape,
      int eventTime,
      String run,
      List<Integer> numbers,
      @Nullable KafkaMark mark)
      throws IOException {
    super(
        of,
        run,
        Instant.ofEpochMilli(mark == null ? EventTimes.FIRST_MILLIS : mark.watermarkMillis()));
    this.source = source;
    this.eventTime = eventTime;
    this.records = new KafkaRecords(source, shape);
    this.topic = TopicClock.shared(run, source);
    numbers.forEach(n -> partitions.put(n, new TopicPartition(source.topic(), n)));
    consumer = KafkaClients.consumer(source);
    boolean ready = false;
    try {
      consumer.assign(partitions.values());
      begin(mark);
      ready = true;
    } catch (KafkaException e) {
      throw KafkaClients.told(source, e);
    } finally {
      if (!ready) {
        consumer.close(Duration.ZERO);
      }
    }
  }

  /** From the mark, else from the group's committed offsets, else from where the project says. */
  private void begin(@Nullable KafkaMark mark) {
    Map<Integer, KafkaMark.Position> known = new LinkedHashMap<>();
    if (mark != null) {
      mark.partitions().forEach(p -> known.put(p.partition(), p));
    }
    List<TopicPartition> unknown =
        partitions.values().stream().filter(p -> !known.containsKey(p.partition())).toList();
    Map<TopicPartition, OffsetAndMetadata> committed =
        source.groupId() == null || unknown.isEmpty()
            ? Map.of()
            : consumer.committed(Set.copyOf(unknown));
    Map<TopicPartition, Long> otherwise =
        unknown.isEmpty()
            ? Map.of()
            : source.fromLatest() && mark == null
                ? consumer.endOffsets(unknown)
                : consumer.beginningOffsets(unknown);
    long now = System.nanoTime();
    partitions.forEach(
        (number, partition) -> {
          KafkaMark.Position at = known.get(number);
          OffsetAndMetadata of = committed.get(partition);
          long offset =
              at != null
                  ? at.offset()
                  : of != null ? of.offset() : otherwise.getOrDefault(partition, 0L);
          consumer.seek(partition, offset);
          next.put(number, offset);
          clocks.put(
              number,
              new PartitionClock(
                  source.idleTimeout(), at == null ? PartitionClock.NONE : at.newestMillis(), now));
        });
  }

  @Override
  protected RowChunk read() throws IOException {
    try {
      commit();
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      if (polled.isEmpty()) {
        // Records of transactions that were given up move the position alone.
        partitions.forEach((number, partition) -> next.put(number, consumer.position(partition)));
        return RowChunk.EMPTY;
      }
      List<Tuple> rows = new ArrayList<>(polled.count());
      List<ErrorRecord> errors = new ArrayList<>();
      long now = System.nanoTime();
      long present = System.currentTimeMillis();
      for (TopicPartition partition : polled.partitions()) {
        PartitionClock clock = clocks.get(partition.partition());
        if (clock == null) {
          throw new IllegalStateException("nobody asked for " + partition);
        }
        for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
          Tuple row = records.decode(record);
          if (row == null) {
            errors.add(records.error());
            clock.sawAny(now);
          } else {
            rows.add(row);
            long event =
                eventTime < 0
                    ? record.timestamp()
                    : EventTimes.toMillis(ScanRequest.time(row, eventTime));
            // A clock that is wrong on one phone must not make all other events late.
            clock.saw(Math.min(event, present), now);
          }
        }
        next.put(partition.partition(), consumer.position(partition));
      }
      return new RowChunk(rows, errors);
    } catch (KafkaException e) {
      throw KafkaClients.told(source, e);
    }
  }

  @Override
  protected Instant progress() {
    long now = System.nanoTime();
    Set<PartitionClock> idle = new HashSet<>();
    clocks.forEach(
        (number, clock) -> {
          if (clock.isIdle(isAtEnd(number), now)) {
            idle.add(clock);
          }
        });
    return Instant.ofEpochMilli(
        topic.watermark(this, clocks.values(), idle::contains, now, System.currentTimeMillis()));
  }

  private boolean isAtEnd(int number) {
    TopicPartition partition = partitions.get(number);
    OptionalLong lag = partition == null ? OptionalLong.empty() : consumer.currentLag(partition);
    return lag.isPresent() && lag.getAsLong() == 0;
  }

  /** Tells the group how far all is safe. */
  private void commit() {
    List<KafkaMark.Position> positions = commits.take();
    if (positions == null || source.groupId() == null) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
    for (KafkaMark.Position position : positions) {
      TopicPartition partition = partitions.get(position.partition());
      if (partition != null) {
        offsets.put(partition, new OffsetAndMetadata(position.offset()));
      }
    }
    consumer.commitAsync(offsets, null);
  }

  @Override
  public CheckpointMark getCheckpointMark() {
    List<KafkaMark.Position> positions = new ArrayList<>();
    clocks.forEach(
        (number, clock) ->
            positions.add(
                new KafkaMark.Position(
                    number, next.getOrDefault(number, 0L), clock.newestMillis())));
    return new KafkaMark(positions, getWatermark().getMillis(), commits);
  }

  @Override
  public void close() {
    topic.forget(this);
    try {
      commit();
    } catch (KafkaException e) {
      // The group is told again by whoever goes on; what was read is in the state.
      System.getLogger(KafkaStreamReader.class.getName())
          .log(System.Logger.Level.DEBUG, "committing offsets of " + source, e);
    }
    consumer.close(Duration.ofSeconds(5));
  }
}
