package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source of pipelines.yaml.
 *
 * @param place of its name
 * @param eventTime the column that is the event time; null where it has none. Where Pub/Sub has a
 *     timestamp attribute, the column that is read from it
 * @param refresh a slowly changing table, read again this often; null: not one
 * @param sample a file, relative to the project, that is read instead by the local target and by ad
 *     hoc queries
 * @param byEventTime whether a row that meets a refreshed table meets the version of its event
 *     time; else the newest one
 * @param errorTopic a topic of the source's own system that gets refused records, too; null: none
 * @param errorOutput the table of records that do not parse or break the contract; null: the
 *     default one, {@code NAME_errors}
 */
public record Source(
    String name,
    Place place,
    @Nullable String description,
    SourceSystem system,
    List<ColumnDefinition> columns,
    @Nullable Located<String> eventTime,
    WatermarkPolicy watermark,
    @Nullable Deduplication deduplicate,
    @Nullable Located<String> errorOutput,
    @Nullable Located<String> sample,
    @Nullable Duration refresh,
    boolean byEventTime,
    @Nullable Located<String> errorTopic)
    implements Serializable {

  public Source {
    columns = List.copyOf(columns);
  }

  /** Whether it ends by itself: files and tables of databases do. */
  public boolean bounded() {
    return system instanceof SourceSystem.Files
        || system instanceof SourceSystem.BigQuery
        || system instanceof SourceSystem.Jdbc;
  }

  /**
   * Whether a streaming pipeline takes it as a stream in event time. What ends is one, too, where
   * it has an event time; what is to be read again now and then is a table.
   */
  public boolean streams() {
    return refresh == null && (!bounded() || eventTime != null);
  }

  /** Where its broken records go. */
  public String errorTable() {
    return errorOutput != null ? errorOutput.value() : name + "_errors";
  }

  /**
   * How the watermark follows the events.
   *
   * @param maxOutOfOrderness how far it stays behind the newest event; zero or more
   * @param idleTimeout after how long without events a part of the source no longer holds it back;
   *     null: never
   */
  public record WatermarkPolicy(Duration maxOutOfOrderness, @Nullable Duration idleTimeout)
      implements Serializable {
    public static final WatermarkPolicy DEFAULT = new WatermarkPolicy(Duration.ZERO, null);
  }

  /**
   * Drops events that were seen before.
   *
   * @param by the columns that are the same in a copy
   * @param within how far apart in event time copies may be
   */
  public record Deduplication(List<Located<String>> by, Duration within) implements Serializable {
    public Deduplication {
      by = List.copyOf(by);
    }
  }
}
