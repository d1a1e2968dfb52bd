package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stream that goes on for long: its memory stays flat, it does not fall behind, and its numbers
 * are right in the end. {@code benchmarks/soak} runs it: {@code -Dsoak.minutes=30
 * -Dsoak.rate=2000}.
 */
@Tag("slow")
class SoakTest {

  private static final Duration TOTAL = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));
  private static final int RATE = Integer.getInteger("soak.rate", 2000);
  private static final int USERS = 5000;

  /** The first part, in which code is compiled and windows fill, is not measured. */
  private static final double WARM = 0.25;

  private static final Pattern AFTER = Pattern.compile("->(\\d+)M\\(");

  @TempDir Path data;
  @TempDir Path folder;

  private long sent;
  private long broken;

  /**
   * At some moment.
   *
   * @param heap least megabytes that were in use after a collection since the last sample
   * @param lag records that were sent but are not in the table yet
   */
  private record Sample(double seconds, int heap, long lag) {}

  @Test
  void memoryIsFlatAndTheLagSteady() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(data)) {
      broker.topic("events", 4);
      project(broker.servers());
      Path log = folder.resolve("gc.log");
      List<Sample> samples = new ArrayList<>();
      try (RunProcess run =
              new RunProcess(folder, List.of("-Xlog:gc:file=" + log + ":none"), "live");
          KafkaProducer<byte[], byte[]> producer = broker.producer()) {
        Random random = new Random(1);
        send(producer, random);
        producer.flush();
        run.await("the run counts", () -> counted() == sent);
        long begin = System.nanoTime();
        long told = begin;
        int line = 0;
        while (System.nanoTime() - begin < TOTAL.toNanos()) {
          long due = (System.nanoTime() - begin) / 1_000_000 * RATE / 1000;
          while (sent + broken < due) {
            send(producer, random);
          }
          if (System.nanoTime() - told > 10_000_000_000L) {
            told = System.nanoTime();
            List<String> lines = Files.readAllLines(log);
            Sample sample =
                new Sample(
                    (told - begin) / 1e9,
                    least(lines.subList(line, lines.size())),
                    sent - counted());
            line = lines.size();
            samples.add(sample);
            System.out.printf(
                Locale.ROOT,
                "%5.0f s  %,11d sent  %5d MB  %,9d behind%n",
                sample.seconds,
                sent,
                sample.heap,
                sample.lag);
          }
          Thread.sleep(5);
        }
        producer.flush();
        run.await("all is counted", () -> counted() == sent);
        run.stop();
        Matcher ledger =
            Pattern.compile("(?m)^events +([0-9,]+) +([0-9,]+) +([0-9,]+)").matcher(run.log());
        assertTrue(ledger.find(), run.log());
        assertEquals(sent + broken, number(ledger.group(1)), run.log());
        assertEquals(sent, number(ledger.group(2)), run.log());
        assertEquals(broken, number(ledger.group(3)), run.log());
      }
      judge(samples);
    }
  }

  private static long number(String shown) {
    return Long.parseLong(shown.replace(",", ""));
  }

  private void send(KafkaProducer<byte[], byte[]> producer, Random random) {
    String value;
    if (random.nextInt(1000) == 0) {
      value = "broken " + broken++;
    } else {
      // Some come late, by up to half a minute.
      Instant at = Instant.now().minusMillis(random.nextInt(10) == 0 ? random.nextInt(30_000) : 0);
      value =
          "{\"user_id\":\"u"
              + random.nextInt(USERS)
              + "\",\"ts\":\""
              + at
              + "\",\"score\":"
              + random.nextInt(100)
              + "}";
      sent++;
    }
    producer.send(
        new ProducerRecord<>(
            "events", (int) (sent % 4), null, value.getBytes(StandardCharsets.UTF_8)));
  }

  private void project(String servers) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: soak
        defaults:
          windowing: {allowed_lateness: 1m, trigger: {early: {every: 2s}}}
        sources:
          events:
            type: kafka
            bootstrap_servers: %s
            topic: events
            group_id: soak
            columns: {user_id: STRING, ts: {type: TIMESTAMP, required: true}, score: INT64}
            event_time: ts
            watermark: {max_out_of_orderness: 5s, idle_timeout: 10s}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          local: {runner: flink, warehouse: w.duckdb, checkpoint_every: 10s}
        """
            .formatted(servers));
    Files.writeString(
        folder.resolve("queries/counts.sql"),
        "SELECT COUNT(*) AS n FROM events GROUP BY TUMBLE(ts, INTERVAL 10 SECOND)");
    Files.writeString(
        folder.resolve("queries/users.sql"),
        "SELECT user_id, SUM(score) AS score FROM events"
            + " GROUP BY user_id, TUMBLE(ts, INTERVAL 30 SECOND) HAVING score > 250");
  }

  private long counted() throws IOException {
    long all = 0;
    for (Tuple row :
        Warehouse.open(folder.resolve("w.duckdb")).rows("counts", List.of(), Long.MAX_VALUE)) {
      all += (Long) row.get(0);
    }
    return all;
  }

  /** The least heap after a collection, in megabytes; 0: there was none. */
  private static int least(List<String> lines) {
    int least = Integer.MAX_VALUE;
    for (String line : lines) {
      Matcher after = AFTER.matcher(line);
      if (after.find()) {
        least = Math.min(least, Integer.parseInt(after.group(1)));
      }
    }
    return least == Integer.MAX_VALUE ? 0 : least;
  }

  /** Compares the first with the last part of what was measured. */
  private static void judge(List<Sample> all) {
    List<Sample> warm = all.subList((int) (all.size() * WARM), all.size());
    int third = Math.max(1, warm.size() / 3);
    List<Sample> first = warm.subList(0, third);
    List<Sample> last = warm.subList(warm.size() - third, warm.size());
    long heapFirst = median(first.stream().map(s -> (long) s.heap).filter(h -> h > 0).toList());
    long heapLast = median(last.stream().map(s -> (long) s.heap).filter(h -> h > 0).toList());
    long lagFirst = median(first.stream().map(Sample::lag).toList());
    long lagLast = median(last.stream().map(Sample::lag).toList());
    String told =
        "heap %d MB at first, %d MB at last; %d records behind at first, %d at last"
            .formatted(heapFirst, heapLast, lagFirst, lagLast);
    System.out.println(told);
    assertTrue(heapLast <= heapFirst * 1.25 + 32, "memory grows: " + told);
    assertTrue(lagLast <= lagFirst * 1.5 + 10L * RATE, "the run falls behind: " + told);
  }

  private static long median(List<Long> values) {
    return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
  }
}
