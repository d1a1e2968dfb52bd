package dev.beamline.io.kafka;

import dev.beamline.io.TextPublisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes texts to a topic, without keys. */
public final class KafkaPublisher implements TextPublisher {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final AtomicReference<Exception> refused = new AtomicReference<>();

  /**
   * A publisher.
   *
   * @param servers host:port of brokers, parted by commas
   * @throws IOException where no broker answers, or there is no such topic and none is made
   */
  public KafkaPublisher(String servers, String topic) throws IOException {
    this.topic = topic;
    try {
      producer =
          new KafkaProducer<>(
              Map.of(
                  ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                  servers,
                  ProducerConfig.ACKS_CONFIG,
                  "all",
                  ProducerConfig.MAX_BLOCK_MS_CONFIG,
                  PATIENCE.toMillis()),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    } catch (KafkaException e) {
      throw new IOException("Kafka at " + servers + ": " + reason(e), e);
    }
    try {
      producer.partitionsFor(topic);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new IOException("topic " + topic + " at " + servers + ": " + reason(e), e);
    }
  }

  @Override
  public void publish(String text) throws IOException {
    check();
    try {
      // What fails is told to the callback.
      var unused =
          producer.send(
              new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8)),
              (metadata, failure) -> {
                if (failure != null) {
                  refused.compareAndSet(null, failure);
                }
              });
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void flush() throws IOException {
    producer.flush();
    check();
  }

  @Override
  public void close() throws IOException {
    try {
      flush();
    } finally {
      producer.close(PATIENCE);
    }
  }

  private void check() throws IOException {
    Exception failure = refused.get();
    if (failure != null) {
      throw new IOException("topic " + topic + ": " + failure.getMessage(), failure);
    }
  }

  private static String reason(KafkaException e) {
    Throwable cause = e.getCause();
    return e.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }
}
