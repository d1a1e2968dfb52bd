package dev.beamline.io.kafka;

import dev.beamline.io.bigquery.server.TlsIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real Kafka, broker and controller, in this process. */
public final class KafkaBroker implements AutoCloseable {

  /** Of the user {@code beamline} at {@link #securedServers}. */
  public static final String PASSWORD = "kafka-hunter2";

  private final KafkaRaftServer server;
  private final String servers;
  private final String secured;
  private final String encrypted;

  private KafkaBroker(KafkaRaftServer server, String servers, String secured, String encrypted) {
    this.server = server;
    this.servers = servers;
    this.secured = secured;
    this.encrypted = encrypted;
  }

  /** Starts one whose data is in that folder. */
  public static KafkaBroker start(Path folder) throws Exception {
    int port = freePort();
    int controller = freePort();
    int secured = freePort();
    int encrypted = freePort();
    TlsIdentity identity = TlsIdentity.ofThisJvm();
    String login =
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_beamline=\""
            + PASSWORD
            + "\";";
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
            Map.entry(
                "listeners",
                "PLAINTEXT://127.0.0.1:"
                    + port
                    + ",CONTROLLER://127.0.0.1:"
                    + controller
                    + ",SASL_PLAINTEXT://127.0.0.1:"
                    + secured
                    + ",SASL_SSL://127.0.0.1:"
                    + encrypted),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("sasl.enabled.mechanisms", "PLAIN"),
            Map.entry("listener.name.sasl_plaintext.plain.sasl.jaas.config", login),
            Map.entry("listener.name.sasl_ssl.plain.sasl.jaas.config", login),
            Map.entry("ssl.keystore.type", "PKCS12"),
            Map.entry("ssl.keystore.location", identity.keyStore().toString()),
            Map.entry("ssl.keystore.password", TlsIdentity.PASSWORD),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("log.dirs", folder.toString()),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("message.max.bytes", "20000000"),
            Map.entry("log.cleaner.enable", "false")));
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(1)
            .setClusterId(Uuid.randomUuid().toString())
            .setReleaseVersion(MetadataVersion.latestProduction())
            .setControllerListenerName("CONTROLLER")
            .addDirectory(folder.toString())
            .setMetadataLogDirectory(folder.toString());
    formatter.run();
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
    return new KafkaBroker(
        server, "127.0.0.1:" + port, "127.0.0.1:" + secured, "127.0.0.1:" + encrypted);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** {@code host:port}. */
  public String servers() {
    return servers;
  }

  /** {@code host:port} of the listener that asks for a password by SASL/PLAIN. */
  public String securedServers() {
    return secured;
  }

  /** {@code host:port} of the one that speaks TLS as well, as {@link TlsIdentity}. */
  public String encryptedServers() {
    return encrypted;
  }

  public Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", servers));
  }

  /** A producer of bytes. */
  public KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", servers, "max.request.size", 20_000_000, "linger.ms", 5),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Sends records without keys to a partition, and waits until they are there. */
  public void send(String topic, int partition, List<String> values) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (String value : values) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, partition, null, bytes));
      }
    }
  }

  /** Makes a topic. */
  public void topic(String name, int partitions)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
