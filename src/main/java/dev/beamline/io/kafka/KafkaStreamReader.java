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
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
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

  /** How often to look whether the topic has partitions that it did not have. */
  private static final long LOOK_NANOS = 1_000_000_000L;

  /**
   * How long what comes is left to gather once all was read. A runner that finishes bundles by the
   * clock needs a moment without a record to send the watermark on: one that always has another
   * record holds it back for seconds.
   */
  private static final long GATHER_NANOS = 20_000_000L;

  private final KafkaSource source;
  private final Share share;
  private final int eventTime;
  private final Consumer<byte[], byte[]> consumer;
  private final KafkaRecords records;
  private final Map<Integer, TopicPartition> partitions = new LinkedHashMap<>();
  private final Map<Integer, PartitionClock> clocks = new LinkedHashMap<>();
  private final Map<Integer, Long> next = new LinkedHashMap<>();
  private final OffsetCommits commits = new OffsetCommits();
  private final TopicClock topic;
  private final TopicEnds ends;
  private final LongSupplier nanos;
  private long looked;
  private long gathersSince;
  private boolean gathers;

  KafkaStreamReader(
      KafkaStreamSource of,
      KafkaSource source,
      RowShape shape,
      int eventTime,
      String run,
      Share share,
      LongSupplier nanos,
      @Nullable KafkaMark mark)
      throws IOException {
    super(
        of,
        run,
        Instant.ofEpochMilli(mark == null ? EventTimes.FIRST_MILLIS : mark.watermarkMillis()),
        false,
        nanos);
    this.nanos = nanos;
    this.source = source;
    this.share = share;
    this.eventTime = eventTime;
    this.records = new KafkaRecords(source, shape);
    this.topic = TopicClock.shared(run, source);
    consumer = KafkaClients.consumer(source);
    ends = new TopicEnds(consumer);
    boolean ready = false;
    try {
      List<TopicPartition> mine = mine();
      mine.forEach(partition -> partitions.put(partition.partition(), partition));
      consumer.assign(partitions.values());
      begin(mine, mark, source.fromLatest() && mark == null);
      looked = nanos.getAsLong();
      ready = true;
    } catch (KafkaException e) {
      throw KafkaClients.told(source, e);
    } finally {
      if (!ready) {
        consumer.close(Duration.ZERO);
      }
    }
  }

  private List<TopicPartition> mine() throws IOException {
    return KafkaClients.partitions(consumer, source).stream()
        .filter(partition -> share.has(partition.partition()))
        .toList();
  }

  /** Takes partitions that were added to the topic; they hold the watermark until they are read. */
  private void look() throws IOException {
    long now = nanos.getAsLong();
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    List<TopicPartition> added =
        mine().stream().filter(p -> !partitions.containsKey(p.partition())).toList();
    if (!added.isEmpty()) {
      added.forEach(partition -> partitions.put(partition.partition(), partition));
      consumer.assign(partitions.values());
      begin(added, null, false);
    }
  }

  /**
   * Goes where reading begins: to the mark, else to the group's committed offset, else to the first
   * record. What a group has committed is of no account to a mark, which may be older.
   *
   * @param latest whether to begin at the end where nothing is known
   */
  private void begin(List<TopicPartition> those, @Nullable KafkaMark mark, boolean latest) {
    Map<Integer, KafkaMark.Position> known = new LinkedHashMap<>();
    if (mark != null) {
      mark.partitions().forEach(p -> known.put(p.partition(), p));
    }
    List<TopicPartition> unknown =
        those.stream().filter(p -> !known.containsKey(p.partition())).toList();
    Map<TopicPartition, OffsetAndMetadata> committed =
        source.groupId() == null || unknown.isEmpty() || mark != null
            ? Map.of()
            : consumer.committed(Set.copyOf(unknown));
    Map<TopicPartition, Long> otherwise =
        unknown.isEmpty()
            ? Map.of()
            : latest ? consumer.endOffsets(unknown) : consumer.beginningOffsets(unknown);
    long now = nanos.getAsLong();
    those.forEach(
        partition -> {
          int number = partition.partition();
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
    if (gathers && nanos.getAsLong() - gathersSince < GATHER_NANOS) {
      return RowChunk.EMPTY;
    }
    try {
      commit();
      look();
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      if (polled.isEmpty()) {
        // Records of transactions that were given up move the position alone.
        partitions.forEach((number, partition) -> next.put(number, consumer.position(partition)));
        return RowChunk.EMPTY;
      }
      List<Tuple> rows = new ArrayList<>(polled.count());
      List<ErrorRecord> errors = new ArrayList<>();
      long now = nanos.getAsLong();
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
      gathers = partitions.values().stream().allMatch(this::isAtEnd);
      gathersSince = now;
      return new RowChunk(rows, errors);
    } catch (KafkaException e) {
      throw KafkaClients.told(source, e);
    }
  }

  @Override
  protected Instant progress() {
    long now = nanos.getAsLong();
    Map<TopicPartition, Long> silent = new LinkedHashMap<>();
    clocks.forEach(
        (number, clock) -> {
          TopicPartition partition = partitions.get(number);
          if (partition != null && clock.isIdle(isAtEnd(partition), now)) {
            silent.put(partition, next.getOrDefault(number, 0L));
          }
        });
    Set<PartitionClock> idle = new HashSet<>();
    for (TopicPartition partition : ends.reached(silent, now)) {
      idle.add(Objects.requireNonNull(clocks.get(partition.partition())));
    }
    return Instant.ofEpochMilli(
        topic.watermark(this, clocks.values(), idle::contains, now, System.currentTimeMillis()));
  }

  private boolean isAtEnd(TopicPartition partition) {
    OptionalLong lag = consumer.currentLag(partition);
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
    return new KafkaMark(positions, reached().getMillis(), commits);
  }

  @Override
  protected void shut() {
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
