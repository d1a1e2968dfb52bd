package dev.beamline.io.kafka;

import dev.beamline.diagnostic.Place;
import dev.beamline.io.SinkTable;
import dev.beamline.io.format.FileFormat;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A topic that a query's rows go to.
 *
 * @param format JSON or AVRO
 * @param key indexes of the columns whose values are the record's key; empty: it has none
 * @param deletes whether a row that is withdrawn is told by a tombstone: only where the key tells
 *     the table's rows apart, else it would delete another row
 * @param exactlyOnce whether records are written in transactions, which commit with the runner's
 *     checkpoints
 * @param producer further options of the producer; may hold secrets
 * @param place of the topic in pipelines.yaml
 */
public record KafkaTarget(
    SinkTable table,
    String servers,
    String topic,
    FileFormat format,
    List<Integer> key,
    boolean deletes,
    boolean exactlyOnce,
    Map<String, String> producer,
    Place place)
    implements Serializable {

  public KafkaTarget {
    Objects.requireNonNull(table, "table");
    key = List.copyOf(key);
    producer = new TreeMap<>(producer);
    if (format != FileFormat.JSON && format != FileFormat.AVRO) {
      throw new IllegalArgumentException("records of a topic are not " + format);
    }
    if (deletes && (key.isEmpty() || !table.upserts())) {
      throw new IllegalArgumentException("only rows with a key are deleted");
    }
    for (int index : key) {
      Objects.checkIndex(index, table.schema().size());
    }
  }

  /** Without the producer's options, of which some are secrets. */
  @Override
  public String toString() {
    return "Kafka topic " + topic + " of " + servers;
  }
}
