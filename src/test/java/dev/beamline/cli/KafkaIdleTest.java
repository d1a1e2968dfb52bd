package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A partition that is silent holds up no window where the source has an idle_timeout, and what it
 * sends later still counts; without one it is waited for.
 */
class KafkaIdleTest {

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

  @TempDir Path data;
  @TempDir Path folder;

  @Test
  void silentPartitionsAreWaitedForOnlyWithoutATimeout() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(data);
        KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      broker.topic("trips", 3);
      project(broker);
      // The third partition is empty.
      trip(producer, 0, START.plusSeconds(60), 1);
      trip(producer, 1, START.plusSeconds(120), 2);
      try (RunProcess run = new RunProcess(folder, List.of(), "live")) {
        run.await("rows are counted", () -> "3 EARLY".equals(totals("strict").get(0L)));
        // One goes on, the second is silent from now on.
        run.await(
            "the first window closes",
            () -> {
              trip(producer, 0, START.plusSeconds(7200), 0);
              return "3 ON_TIME".equals(totals("patient").get(0L));
            });
        assertEquals("3 EARLY", totals("strict").get(0L), "there is still a silent partition");
        // The one that was silent had something to say.
        trip(producer, 1, START.plusSeconds(180), 4);
        run.await("it is counted", () -> "7 LATE".equals(totals("patient").get(0L)));
        run.await("and is on time", () -> "7 EARLY".equals(totals("strict").get(0L)));
        trip(producer, 1, START.plusSeconds(7200), 0);
        trip(producer, 2, START.plusSeconds(7200), 0);
        run.await("all are past it", () -> "7 ON_TIME".equals(totals("strict").get(0L)));
        run.stop();
      }
    }
  }

  private void project(KafkaBroker broker) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    String source =
        """
        type: kafka
            bootstrap_servers: %s
            topic: trips
            columns: {ts: {type: TIMESTAMP, required: true}, fare: INT64}
            event_time: ts"""
            .formatted(broker.servers());
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: taxi
        defaults:
          windowing: {allowed_lateness: 3h, trigger: {early: {every: 200ms}}}
        sources:
          trips:
            %s
            watermark: {max_out_of_orderness: 10s, idle_timeout: 2s}
          all_trips:
            %s
            watermark: {max_out_of_orderness: 10s}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          local: {runner: flink, warehouse: w.duckdb, checkpoint_every: 500ms, parallelism: 2}
        """
            .formatted(source, source));
    String sql = "SELECT SUM(fare) AS fares FROM %s GROUP BY TUMBLE(ts, INTERVAL 1 HOUR)";
    Files.writeString(folder.resolve("queries/patient.sql"), sql.formatted("trips"));
    Files.writeString(folder.resolve("queries/strict.sql"), sql.formatted("all_trips"));
  }

  private static void trip(
      KafkaProducer<byte[], byte[]> producer, int partition, Instant at, int fare) {
    byte[] value =
        ("{\"ts\":\"" + at + "\",\"fare\":" + fare + "}").getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>("trips", partition, null, value));
    producer.flush();
  }

  /** By the window's hour since the start: the sum and the pane. */
  private Map<Long, String> totals(String table) throws IOException {
    Map<Long, String> totals = new TreeMap<>();
    for (Tuple row :
        Warehouse.open(folder.resolve("w.duckdb")).rows(table, List.of(), Long.MAX_VALUE)) {
      long hour = ((Long) row.get(1) / 1_000_000 - START.getEpochSecond()) / 3600;
      totals.put(hour, row.get(0) + " " + row.get(3));
    }
    return totals;
  }
}
