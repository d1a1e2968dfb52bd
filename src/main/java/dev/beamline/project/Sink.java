package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a query's rows go. */
public sealed interface Sink extends Serializable {

  Common common();

  /** As in YAML's {@code type}. */
  String type();

  /** What the target with a warehouse calls the table: the sink's own, or the query's name. */
  String table();

  /**
   * What all sinks have.
   *
   * @param place of the sink in YAML, or of the file where no sink is written
   * @param write null: upsert where the plan yields a key, else append
   * @param paneColumns whether pane_timing, pane_index and is_final are written
   */
  record Common(String query, Place place, @Nullable Located<WriteMode> write, boolean paneColumns)
      implements Serializable {}

  /** How later rows of a key meet earlier ones. */
  enum WriteMode {
    APPEND,
    UPSERT
  }

  /**
   * BigQuery.
   *
   * @param project null: the target's
   * @param granularity of the partitions
   * @param atLeastOnce whether a row may come twice, which costs less
   * @param fileLoads whether load jobs write, rather than Storage Write; null: not said
   * @param errorOutput the table of rows BigQuery refuses; null: the default one
   */
  record BigQuery(
      Common common,
      @Nullable String project,
      String dataset,
      String table,
      @Nullable Located<String> partitionBy,
      Granularity granularity,
      List<Located<String>> clusterBy,
      boolean atLeastOnce,
      @Nullable Located<Boolean> fileLoads,
      Map<String, String> labels,
      @Nullable String errorOutput)
      implements Sink {
    public BigQuery {
      clusterBy = List.copyOf(clusterBy);
      labels = ordered(labels);
    }

    @Override
    public String type() {
      return "bigquery";
    }

    /** Whether jobs load files. */
    public boolean loads() {
      return fileLoads != null && fileLoads.value();
    }

    /** {@code project.dataset.table}, or {@code dataset.table} in the target's project. */
    public String qualifiedName() {
      return (project == null ? "" : project + ".") + dataset + "." + table;
    }
  }

  /** Length of a partition. */
  enum Granularity {
    HOUR,
    DAY,
    MONTH,
    YEAR
  }

  /**
   * Pub/Sub, as JSON.
   *
   * @param attributes column to the attribute it also goes to
   */
  record Pubsub(
      Common common,
      Located<String> topic,
      Map<String, String> attributes,
      @Nullable Located<String> orderingKey)
      implements Sink {
    public Pubsub {
      attributes = ordered(attributes);
    }

    @Override
    public String type() {
      return "pubsub";
    }

    @Override
    public String table() {
      return common.query();
    }
  }

  /**
   * Kafka.
   *
   * @param key the columns of the record's key; empty: the plan's key
   * @param format JSON or AVRO
   * @param exactlyOnce whether records are written in transactions
   * @param producerConfig the producer's own options; may hold secrets
   */
  record Kafka(
      Common common,
      String bootstrapServers,
      Located<String> topic,
      List<Located<String>> key,
      Format format,
      boolean exactlyOnce,
      Map<String, String> producerConfig)
      implements Sink {
    public Kafka {
      key = List.copyOf(key);
      producerConfig = ordered(producerConfig);
    }

    @Override
    public String type() {
      return "kafka";
    }

    @Override
    public String table() {
      return common.query();
    }
  }

  /**
   * Files.
   *
   * @param path of one file, the query's name already added where YAML names a folder
   * @param shards number of files; 0: one
   */
  record Files(Common common, Located<String> path, Format format, int shards) implements Sink {
    @Override
    public String type() {
      return "files";
    }

    @Override
    public String table() {
      return common.query();
    }
  }

  /**
   * A table of a DuckDB file.
   *
   * @param path of the database; null: the target's warehouse
   */
  record DuckDb(Common common, @Nullable Located<String> path, String table) implements Sink {
    @Override
    public String type() {
      return "duckdb";
    }
  }

  /** Lines on the terminal. */
  record Console(Common common) implements Sink {
    @Override
    public String type() {
      return "console";
    }

    @Override
    public String table() {
      return common.query();
    }
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
