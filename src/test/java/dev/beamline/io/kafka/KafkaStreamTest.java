package dev.beamline.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RowShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a real broker's topics: which partitions they have, now and after a restart. */
final class KafkaStreamTest {

  private static final Schema COLUMNS =
      Schema.of(
          new Column("ts", ScalarType.TIMESTAMP, true, null), Column.of("n", ScalarType.INT64));
  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  @TempDir static Path folder;
  private static KafkaBroker broker;
  private static KafkaProducer<byte[], byte[]> producer;

  private final String run = "r" + UUID.randomUUID();

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaBroker.start(folder);
    producer = broker.producer();
  }

  @AfterAll
  static void stop() {
    producer.close();
    broker.close();
  }

  @Test
  void partitionsThatAreAddedAreReadWhileItRunsAndAfterARestart() throws Exception {
    broker.topic("growing", 2);
    send("growing", 0, "2026-05-01T01:00:00Z", 1);
    send("growing", 1, "2026-05-01T01:00:00Z", 2);
    List<KafkaStreamSource> splits = source("growing").split(2, OPTIONS);
    assertEquals(2, splits.size());
    TreeSet<Long> seen = new TreeSet<>();
    byte[] before;
    byte[] after;
    try (KafkaStreamReader even = splits.get(0).createReader(OPTIONS, null);
        KafkaStreamReader odd = splits.get(1).createReader(OPTIONS, null)) {
      start(even, seen);
      start(odd, seen);
      readUntil(seen, 2, even, odd);
      assertEquals(Instant.parse("2026-05-01T00:59:50Z"), even.getWatermark());
      before = mark(even);
      try (Admin admin = broker.admin()) {
        admin
            .createPartitions(Map.of("growing", NewPartitions.increaseTo(4)))
            .all()
            .get(30, TimeUnit.SECONDS);
      }
      send("growing", 2, "2026-05-01T01:00:05Z", 3);
      send("growing", 3, "2026-05-01T01:00:05Z", 4);
      readUntil(seen, 4, even, odd);
      after = mark(even);
    }
    try (Admin admin = broker.admin()) {
      // The group is ahead of the older of the marks.
      admin
          .alterConsumerGroupOffsets(
              "g", Map.of(new TopicPartition("growing", 2), new OffsetAndMetadata(1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    send("growing", 2, "2026-05-01T01:00:06Z", 5);
    assertEquals(List.of(5L), restored(splits.get(0), after, 1));
    assertEquals(List.of(3L, 5L), restored(splits.get(0), before, 2));
  }

  @Test
  void noReaderGoesAheadOfOneThatHasSentNothingYet() throws Exception {
    broker.topic("two", 2);
    send("two", 0, "2026-05-01T12:00:00Z", 1);
    send("two", 1, "2026-05-01T08:00:00Z", 2);
    List<KafkaStreamSource> splits = source("two").split(2, OPTIONS);
    byte[] ahead;
    try (KafkaStreamReader first = splits.get(0).createReader(OPTIONS, null)) {
      TreeSet<Long> seen = new TreeSet<>();
      start(first, seen);
      readUntil(seen, 1, first);
      assertEquals(Instant.parse("2026-05-01T11:59:50Z"), first.getWatermark());
      ahead = mark(first);
    }
    try (KafkaStreamReader first = open(splits.get(0), ahead);
        KafkaStreamReader second = splits.get(1).createReader(OPTIONS, null)) {
      first.start();
      assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, first.getWatermark());
      assertTrue(
          ((KafkaMark) first.getCheckpointMark()).watermarkMillis()
              >= Instant.parse("2026-05-01T11:59:50Z").getMillis());
      second.start();
      assertEquals(Instant.parse("2026-05-01T11:59:50Z"), first.getWatermark());
    }
  }

  /** Flink's runner sends the watermark on only where no record comes for a moment. */
  @Test
  void recordsGatherForAMomentOnceAllWasRead() throws Exception {
    broker.topic("steady", 1);
    send("steady", 0, "2026-05-01T12:00:00Z", 1);
    KafkaStreamSource source = source("steady");
    long[] clock = {0};
    try (KafkaStreamReader reader = source.reader(source, () -> clock[0], null)) {
      TreeSet<Long> seen = new TreeSet<>();
      start(reader, seen);
      readUntil(seen, 1, reader);
      send("steady", 0, "2026-05-01T12:00:01Z", 2);
      for (int i = 0; i < 20; i++) {
        assertFalse(reader.advance(), "no time has passed");
      }
      clock[0] = TimeUnit.MILLISECONDS.toNanos(20);
      readUntil(seen, 2, reader);
    }
  }

  @Test
  void partsHaveAllPartitionsOnceHoweverManyAreAdded() {
    for (int known = 1; known <= 5; known++) {
      for (int desired = 1; desired <= 7; desired++) {
        List<Share> shares = Share.split(IntStream.range(0, known).boxed().toList(), desired);
        for (int partition = 0; partition < 12; partition++) {
          int wanted = partition;
          assertEquals(1, shares.stream().filter(share -> share.has(wanted)).count());
        }
      }
    }
  }

  private List<Long> restored(KafkaStreamSource split, byte[] mark, int count) throws Exception {
    TreeSet<Long> seen = new TreeSet<>();
    try (KafkaStreamReader reader = open(split, mark)) {
      start(reader, seen);
      readUntil(seen, count, reader);
    }
    return List.copyOf(seen);
  }

  private static KafkaStreamReader open(KafkaStreamSource split, byte[] mark) throws Exception {
    return split.createReader(
        OPTIONS, CoderUtils.decodeFromByteArray(split.getCheckpointMarkCoder(), mark));
  }

  private static byte[] mark(KafkaStreamReader reader) throws Exception {
    return CoderUtils.encodeToByteArray(
        ((KafkaStreamSource) reader.getCurrentSource()).getCheckpointMarkCoder(),
        (KafkaMark) reader.getCheckpointMark());
  }

  private static void start(KafkaStreamReader reader, TreeSet<Long> seen) throws Exception {
    assertTrue(reader.start(), "there is a first chunk, be it empty");
    rows(reader, seen);
  }

  private static void rows(KafkaStreamReader reader, TreeSet<Long> seen) {
    for (Tuple row : reader.getCurrent().rows()) {
      assertTrue(seen.add((Long) row.get(1)), () -> row + " came twice");
    }
  }

  private static void readUntil(TreeSet<Long> seen, int count, KafkaStreamReader... readers)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (seen.size() < count) {
      assertTrue(System.nanoTime() < deadline, () -> "only " + seen);
      for (KafkaStreamReader reader : readers) {
        if (reader.advance()) {
          rows(reader, seen);
        }
      }
    }
  }

  private KafkaStreamSource source(String topic) {
    KafkaSource source =
        new KafkaSource(
            topic,
            broker.servers(),
            topic,
            FileFormat.JSON,
            COLUMNS,
            null,
            Map.of(),
            "ts",
            false,
            "g",
            Duration.ofSeconds(10),
            null,
            Map.of("metadata.max.age.ms", "200"),
            Place.ofFile("pipelines.yaml"));
    return new KafkaStreamSource(
        source, RowShape.ofScan(COLUMNS, 0, COLUMNS), COLUMNS, 0, run, Share.ALL);
  }

  private static void send(String topic, int partition, String time, int n) throws Exception {
    byte[] value = "{\"ts\":\"%s\",\"n\":%d}".formatted(time, n).getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, partition, null, value)).get(30, TimeUnit.SECONDS);
  }
}
