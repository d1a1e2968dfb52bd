package dev.beamline.io.kafka;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The options of clients as they may be shown: of one that is not known as no secret, the name. */
public final class KafkaOptions {

  private static final String HIDDEN = "(not shown)";

  private KafkaOptions() {}

  /** A consumer's. */
  public static Map<String, String> ofConsumer(Map<String, String> options) {
    return shown(options, ConsumerConfig.configDef());
  }

  /** A producer's. */
  public static Map<String, String> ofProducer(Map<String, String> options) {
    return shown(options, ProducerConfig.configDef());
  }

  private static Map<String, String> shown(Map<String, String> options, ConfigDef known) {
    Map<String, String> shown = new TreeMap<>();
    options.forEach(
        (name, value) -> {
          ConfigDef.ConfigKey key = known.configKeys().get(name);
          boolean secret = key == null || key.type() == ConfigDef.Type.PASSWORD;
          shown.put(name, secret ? HIDDEN : value);
        });
    return shown;
  }
}
