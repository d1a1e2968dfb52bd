package dev.beamline.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * What stands around a stream that is measured.
 *
 * <pre>
 * serve FOLDER FILE                             a broker on the loopback; its address is written to the file
 * topic SERVERS TOPIC PARTITIONS                makes a topic
 * load SERVERS TOPIC EVENTS                     puts a file of events into a topic, and closes all windows
 * await SERVERS TOPIC ROWS SECONDS FILE         waits for so many rows and writes them, as CSV
 * steady SERVERS IN OUT RATE SECONDS FILE       sends events at a rate until so long after the first row; writes
 *                                               of each row how long after the first one it came and how long
 *                                               after its window's end, in milliseconds
 * </pre>
 */
public final class KafkaPeer {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long START_SECONDS = 300;

  private KafkaPeer() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "serve" -> serve(Path.of(args[1]), Path.of(args[2]));
      case "topic" -> topic(args[1], args[2], Integer.parseInt(args[3]));
      case "load" -> load(args[1], args[2], Path.of(args[3]));
      case "await" ->
          await(args[1], args[2], Integer.parseInt(args[3]), Long.parseLong(args[4]), Path.of(args[5]));
      case "steady" ->
          steady(
              args[1],
              args[2],
              args[3],
              Long.parseLong(args[4]),
              Long.parseLong(args[5]),
              Path.of(args[6]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void serve(Path folder, Path file) throws Exception {
    int port = freePort();
    int controller = freePort();
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
            Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("log.dirs", folder.toString()),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("log.cleaner.enable", "false")));
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(1)
        .setClusterId(Uuid.randomUuid().toString())
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setControllerListenerName("CONTROLLER")
        .addDirectory(folder.toString())
        .setMetadataLogDirectory(folder.toString())
        .run();
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(written, "127.0.0.1:" + port);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    // Whoever started it holds its input open, and has it end by closing it.
    while (System.in.read() >= 0) {
      continue;
    }
    server.shutdown();
    server.awaitShutdown();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void topic(String servers, String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String servers, int linger) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", servers, "linger.ms", linger),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void load(String servers, String topic, Path events) throws Exception {
    Instant newest = Instant.EPOCH;
    try (KafkaProducer<byte[], byte[]> producer = producer(servers, 50);
        BufferedReader lines = Files.newBufferedReader(events)) {
      int partitions = producer.partitionsFor(topic).size();
      long count = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        producer.send(record(topic, (int) (count++ % partitions), line));
        if (count % 1000 == 1) {
          newest = Instant.parse(JSON.readTree(line).get("event_time").asText());
        }
      }
      // Behind all that is out of order, so that every window of the events closes.
      for (int i = 0; i < partitions; i++) {
        producer.send(record(topic, i, event(newest.plus(Duration.ofDays(10)), "close", "none")));
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, null, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String event(Instant time, String id, String team) {
    return "{\"event_id\":\"" + id + "\",\"event_time\":\"" + time + "\",\"user_id\":\"user_" + id
        + "\",\"team\":\"" + team + "\",\"type\":\"score\",\"score\":"
        + (team.equals("none") ? "null" : "1") + "}";
  }

  /** Hands out the records of a topic as they come, until told to stop. */
  private interface Arrival {
    boolean goesOn(JsonNode row) throws IOException;
  }

  /**
   * Reads a topic.
   *
   * @param deadline asked again and again; by {@link System#nanoTime}
   */
  private static void follow(String servers, String topic, LongSupplier deadline, Arrival arrival)
      throws IOException {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "fetch.max.wait.ms", 20, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList());
      while (System.nanoTime() < deadline.getAsLong()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (record.value() != null && !arrival.goesOn(JSON.readTree(record.value()))) {
            return;
          }
        }
      }
    }
  }

  private static void await(String servers, String topic, int rows, long seconds, Path file)
      throws IOException {
    Map<String, String> found = new TreeMap<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    follow(
        servers,
        topic,
        () -> deadline,
        row -> {
          String key = row.get("w").asText() + "," + row.get("team").asText();
          found.put(key, key + "," + row.get("total").asText());
          return found.size() < rows;
        });
    Files.write(file, found.values());
    if (found.size() < rows) {
      System.err.println(found.size() + " rows of " + rows);
      System.exit(1);
    }
  }

  private static void steady(
      String servers, String in, String out, long rate, long seconds, Path file) throws Exception {
    List<String> latencies = new ArrayList<>();
    // Until the first row comes the contender starts, which may take long where others work, too.
    long[] deadline = {System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS)};
    long[] first = {0};
    Thread reader =
        new Thread(
            () -> {
              try {
                follow(
                    servers,
                    out,
                    () -> deadline[0],
                    row -> {
                      long now = System.currentTimeMillis();
                      if (latencies.isEmpty()) {
                        first[0] = now;
                        deadline[0] = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
                      }
                      long end = (row.get("w").asLong() + 1) * 1000;
                      latencies.add((now - first[0]) + "," + (now - end));
                      return true;
                    });
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            },
            "reader");
    reader.start();
    try (KafkaProducer<byte[], byte[]> producer = producer(servers, 2)) {
      int partitions = producer.partitionsFor(in).size();
      long began = System.nanoTime();
      long sent = 0;
      while (reader.isAlive()) {
        long due = (System.nanoTime() - began) / 1000 * rate / 1_000_000;
        for (; sent < due; sent++) {
          String event = event(Instant.now(), Long.toString(sent), "team_" + sent % 7);
          producer.send(record(in, (int) (sent % partitions), event));
        }
        Thread.sleep(1);
      }
    }
    reader.join();
    Files.write(file, latencies);
  }
}
