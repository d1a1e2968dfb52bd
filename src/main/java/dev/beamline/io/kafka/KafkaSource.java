package dev.beamline.io.kafka;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.format.FileFormat;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic and what is in it.
 *
 * @param name the source's name in the project
 * @param servers {@code host:port}, more of them parted by commas
 * @param keyColumn the column that holds a record's key; null: none
 * @param headers columns to the headers that they are read from
 * @param eventTime the column that is the event time; null: the records' own timestamps are it for
 *     the watermark
 * @param fromLatest whether a group without committed offsets begins at the end
 * @param groupId whose offsets are committed; null: none are, and a stream without state begins
 *     where {@code fromLatest} says
 * @param maxOutOfOrderness how far the watermark stays behind the newest event of a partition
 * @param idleTimeout after how long without records a partition no longer holds the watermark back;
 *     null: never
 * @param consumer further options of the consumer; may hold secrets
 * @param place of the topic in pipelines.yaml
 */
public record KafkaSource(
    String name,
    String servers,
    String topic,
    FileFormat format,
    Schema columns,
    @Nullable String keyColumn,
    Map<String, String> headers,
    @Nullable String eventTime,
    boolean fromLatest,
    @Nullable String groupId,
    Duration maxOutOfOrderness,
    @Nullable Duration idleTimeout,
    Map<String, String> consumer,
    Place place)
    implements Serializable {

  /** The name by which a decoder asks for the record's key; no header can have it. */
  static final String KEY = "\u0000key";

  public KafkaSource {
    Objects.requireNonNull(name, "name");
    headers = new TreeMap<>(headers);
    consumer = new TreeMap<>(consumer);
    if (maxOutOfOrderness.isNegative()) {
      throw new IllegalArgumentException("not an out-of-orderness: " + maxOutOfOrderness);
    }
  }

  /** Columns to the names of the texts beside the payload that they are read from. */
  Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>(headers);
    if (keyColumn != null) {
      texts.put(keyColumn, KEY);
    }
    return texts;
  }

  /** Without the consumer's options, of which some are secrets. */
  @Override
  public String toString() {
    return "Kafka topic " + topic + " of " + servers;
  }
}
