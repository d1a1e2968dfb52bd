package dev.beamline.io.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes consumers, and asks what a topic has. */
final class KafkaClients {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a partition that is added to the topic may go unnoticed. */
  private static final int METADATA_MILLIS = 30_000;

  private KafkaClients() {}

  /** A consumer of bytes that commits nothing by itself and reads what is committed only. */
  static Consumer<byte[], byte[]> consumer(KafkaSource source) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MILLIS);
    config.putAll(source.consumer());
    // Where reading begins is said with each partition. What a broker no longer has is lost, which
    // no option may hide.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, source.servers());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    config.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    if (source.groupId() != null) {
      config.put(ConsumerConfig.GROUP_ID_CONFIG, source.groupId());
    }
    // Plugins of the client, such as logins, are found by the loader that has the client itself.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(KafkaConsumer.class.getClassLoader());
    try {
      return new KafkaConsumer<>(config);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The topic's partitions, in order. */
  static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, KafkaSource source)
      throws IOException {
    try {
      List<PartitionInfo> infos = consumer.partitionsFor(source.topic(), PATIENCE);
      if (infos == null || infos.isEmpty()) {
        throw new IOException("there is no topic " + source.topic() + " at " + source.servers());
      }
      List<TopicPartition> partitions = new ArrayList<>();
      infos.stream()
          .sorted(java.util.Comparator.comparingInt(PartitionInfo::partition))
          .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
      return partitions;
    } catch (KafkaException e) {
      throw told(source, e);
    }
  }

  static IOException told(KafkaSource source, KafkaException e) {
    return new IOException(
        "the topic "
            + source.topic()
            + " at "
            + source.servers()
            + " cannot be read: "
            + KafkaChecks.withoutValues(e),
        e);
  }
}
