package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.bigquery.server.TlsIdentity;
import dev.beamline.io.kafka.KafkaBroker;
import dev.beamline.io.secret.SecretManager;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.project.SourceSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of the environment, of files and of Secret Manager: used, and shown nowhere. */
class SecretsRunTest {

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"beamline\""
          + " password=\"%s\";";

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer manager;

  /** Speaks the one call of Secret Manager that is needed. */
  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Map<String, String> values =
        Map.of(
            "/v1/projects/demo-proj/secrets/kafka-login/versions/latest:access",
            LOGIN.formatted(KafkaBroker.PASSWORD),
            "/v1/projects/other/secrets/wrong/versions/3:access",
            LOGIN.formatted("not-it-4711"));
    manager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    manager.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          String value = values.get(path);
          byte[] body =
              (value == null
                      ? "{}"
                      : "{\"payload\":{\"data\":\""
                          + Base64.getEncoder()
                              .encodeToString(value.getBytes(StandardCharsets.UTF_8))
                          + "\"}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(value == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    manager.start();
    System.setProperty(
        SecretManager.ENDPOINT_VARIABLE, "http://127.0.0.1:" + manager.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    manager.stop(0);
    System.clearProperty(SecretManager.ENDPOINT_VARIABLE);
  }

  private void project(String servers, String login) throws IOException {
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        sources:
          orders:
            type: kafka
            bootstrap_servers: %s
            topic: orders
            consumer_config:
              security.protocol: SASL_PLAINTEXT
              sasl.mechanism: PLAIN
              default.api.timeout.ms: 20000
              sasl.jaas.config: %s
            columns: {id: {type: STRING, required: true}, n: INT64}
        pipelines:
          day: {mode: batch, queries: ["*"]}
        targets:
          local: {runner: direct, warehouse: w.duckdb, options: {project: demo-proj}}
        """
            .formatted(servers, login));
    Files.writeString(folder.resolve("queries/total.sql"), "SELECT SUM(n) AS total FROM orders");
  }

  private CommandRun run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("-C", folder.toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  @Test
  void aBrokerThatAsksForAPasswordIsReadWithEachKindOfSecret(@TempDir Path data) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(data)) {
      broker.topic("orders", 1);
      try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
        producer.send(record("{\"id\":\"a\",\"n\":3}"));
        producer.send(record("{\"id\":\"b\",\"n\":4}"));
        producer.send(record("{\"n\":5}"));
      }
      Files.writeString(folder.resolve("login.txt"), LOGIN.formatted(KafkaBroker.PASSWORD) + "\n");
      Files.writeString(
          folder.resolve(".env"), "KAFKA_LOGIN='" + LOGIN.formatted(KafkaBroker.PASSWORD) + "'\n");
      for (String login : List.of("${KAFKA_LOGIN}", "${file:login.txt}", "${secret:kafka-login}")) {
        project(broker.securedServers(), login);
        CommandRun command = run("run", "day");
        String all = command.out() + command.err();
        assertEquals(0, command.code(), all);
        assertTrue(command.out().matches("(?s).*\\b7\\b.*"), all);
        assertTrue(command.out().matches("(?s).*orders +3 +2 +1.*"), all);
        hides(all);
      }
      assertEquals(
          List.of("/v1/projects/demo-proj/secrets/kafka-login/versions/latest:access"), asked);
      for (String command : List.of("validate", "plan", "explain", "docs")) {
        CommandRun said = command.equals("explain") ? run(command, "total") : run(command);
        hides(said.out() + said.err());
      }
      project(broker.securedServers(), "${secret:projects/other/secrets/wrong/versions/3}");
      CommandRun refused = run("run", "day");
      assertTrue(refused.code() != 0, refused.out());
      assertTrue(refused.err().contains("uthentication failed"), refused.err());
      assertFalse((refused.out() + refused.err()).contains("not-it-4711"), refused.err());
    }
    // Nothing that was written has it either.
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.equals(".env") && !name.equals("login.txt")) {
          hides(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
  }

  @Test
  void aBrokerThatSpeaksTlsIsReadWhereItIsTrusted(@TempDir Path data) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(data)) {
      broker.topic("orders", 1);
      try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
        producer.send(record("{\"id\":\"a\",\"n\":3}"));
      }
      Path trusted = TlsIdentity.ofThisJvm().trustStore();
      tls(broker, trusted, TlsIdentity.PASSWORD);
      CommandRun command = run("run", "day");
      String all = command.out() + command.err();
      assertEquals(0, command.code(), all);
      assertTrue(command.out().matches("(?s).*orders +1 +1 .*"), all);
      hides(all);

      tls(
          broker,
          Path.of(System.getProperty("java.home"), "lib/security/cacerts"),
          TlsIdentity.PASSWORD);
      CommandRun refused = run("run", "day");
      assertTrue(refused.code() != 0, refused.out());
      assertTrue(refused.err().contains("SSL handshake failed: "), refused.err());
      hides(refused.out() + refused.err());

      tls(broker, trusted, "not-" + TlsIdentity.PASSWORD);
      CommandRun locked = run("run", "day");
      assertEquals(1, locked.code(), locked.out() + locked.err());
      assertTrue(locked.err().contains("pipelines.yaml:7:12"), locked.err());
      assertTrue(locked.err().contains("assword was incorrect"), locked.err());
    }
  }

  private void tls(KafkaBroker broker, Path trustStore, String password) throws IOException {
    project(broker.encryptedServers(), "'" + LOGIN.formatted(KafkaBroker.PASSWORD) + "'");
    Path file = folder.resolve("pipelines.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "security.protocol: SASL_PLAINTEXT",
                "security.protocol: SASL_SSL\n"
                    + "      ssl.truststore.type: PKCS12\n"
                    + "      ssl.truststore.location: %s\n".formatted(trustStore)
                    + "      ssl.truststore.password: %s".formatted(password)));
  }

  private static void hides(String text) {
    assertFalse(text.contains(KafkaBroker.PASSWORD), () -> "the password is shown: " + text);
  }

  private static ProducerRecord<byte[], byte[]> record(String json) {
    return new ProducerRecord<>("orders", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsNotThereIsToldAtItsPlace() throws IOException {
    project("127.0.0.1:1", "${file:nowhere/login.txt}");
    CommandRun file = run("validate");
    assertEquals(1, file.code());
    assertTrue(
        file.err().contains("there is no file to read this value from: nowhere/login.txt")
            || file.out().contains("there is no file to read this value from: nowhere/login.txt"),
        file.out() + file.err());

    project("127.0.0.1:1", "${secret:unknown}");
    assertEquals(0, run("validate").code());
    CommandRun secret = run("run", "day");
    assertEquals(1, secret.code(), secret.err());
    assertTrue(
        secret.err().contains("the secret unknown cannot be read: there is no such secret"),
        secret.err());

    project("${secret:servers}", "x");
    CommandRun place = run("validate");
    assertEquals(1, place.code());
    assertTrue(
        (place.out() + place.err()).contains("cannot hold a secret of Secret Manager"),
        place.out() + place.err());
  }

  @Test
  void aSecretFileIsReadAsItIsWithoutItsLastLineEnd() throws IOException {
    Files.writeString(folder.resolve("login.txt"), "two words: #1\n");
    project("127.0.0.1:1", "${file:login.txt}");
    Project project = ProjectReader.read(folder, name -> null, new Problems());
    SourceSystem.Kafka kafka = (SourceSystem.Kafka) project.sources().get("orders").system();
    assertEquals("two words: #1", kafka.consumerConfig().get("sasl.jaas.config"));
  }
}
