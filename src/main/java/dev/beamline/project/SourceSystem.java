package dev.beamline.project;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a source's records come from. */
public sealed interface SourceSystem extends Serializable {

  /** As in YAML's {@code type}. */
  String type();

  /**
   * Files.
   *
   * @param path a local path or glob relative to the project, or {@code gs://}
   */
  record Files(Located<String> path, Format format, CsvOptions csv) implements SourceSystem {
    @Override
    public String type() {
      return "files";
    }
  }

  /**
   * Pub/Sub. Exactly one of topic and subscription is there.
   *
   * @param attributes column name to the attribute it is read from
   * @param idAttribute messages that have the same value of it are the same message
   * @param timestampAttribute the attribute that is the event time
   */
  record Pubsub(
      @Nullable Located<String> topic,
      @Nullable Located<String> subscription,
      Format format,
      Map<String, String> attributes,
      @Nullable String idAttribute,
      @Nullable String timestampAttribute)
      implements SourceSystem {
    public Pubsub {
      attributes = ordered(attributes);
    }

    @Override
    public String type() {
      return "pubsub";
    }
  }

  /**
   * Kafka.
   *
   * @param bootstrapServers {@code host:port}, more of them parted by commas
   * @param keyColumn the column that holds the record's key; null: none
   * @param headers column name to the header it is read from
   * @param fromLatest whether a consumer without committed offsets begins at the end
   * @param consumerConfig the consumer's own options
   */
  record Kafka(
      String bootstrapServers,
      Located<String> topic,
      Format format,
      @Nullable Located<String> keyColumn,
      Map<String, String> headers,
      boolean fromLatest,
      @Nullable String groupId,
      Map<String, String> consumerConfig)
      implements SourceSystem {
    public Kafka {
      headers = ordered(headers);
      consumerConfig = ordered(consumerConfig);
    }

    @Override
    public String type() {
      return "kafka";
    }
  }

  /** BigQuery, read through the Storage API; a query is in GoogleSQL. */
  record BigQuery(Relation from) implements SourceSystem {
    @Override
    public String type() {
      return "bigquery";
    }
  }

  /**
   * A database that speaks JDBC: PostgreSQL.
   *
   * @param url {@code jdbc:postgresql://host:port/database}
   * @param username null: as the URL says
   * @param password null: as the URL says
   * @param from a table with its schema where needed, or a query in the database's own SQL
   */
  record Jdbc(
      Located<String> url, @Nullable String username, @Nullable String password, Relation from)
      implements SourceSystem {
    @Override
    public String type() {
      return "jdbc";
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Jdbc[from=" + from.text().value() + "]";
    }
  }

  /**
   * How CSV is written.
   *
   * @param header whether the first line names the columns
   * @param nullValue the unquoted text that is NULL
   */
  record CsvOptions(char delimiter, boolean header, String nullValue) implements Serializable {
    public static final CsvOptions DEFAULT = new CsvOptions(',', true, "");
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
