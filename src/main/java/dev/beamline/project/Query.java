package dev.beamline.project;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A metric: its file, and the project's defaults under what YAML says of it.
 *
 * @param yaml where pipelines.yaml speaks of it; null: it does not
 * @param chart how the dashboard draws it; null: as its columns suggest
 * @param columns what YAML says of its columns, by their names
 * @param parameters values of {@code @name} in its SQL, names in lower case
 */
public record Query(
    QueryFile file,
    @Nullable Place yaml,
    @Nullable String description,
    @Nullable String owner,
    Windowing windowing,
    Sink sink,
    @Nullable Freshness freshness,
    @Nullable Chart chart,
    Map<String, Located<String>> columns,
    Map<String, ParameterValue> parameters)
    implements Serializable {

  public Query {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** The same query with another windowing and other values of its parameters. */
  public Query with(Windowing newWindowing, Map<String, ParameterValue> newParameters) {
    return new Query(
        file,
        yaml,
        description,
        owner,
        newWindowing,
        sink,
        freshness,
        chart,
        columns,
        newParameters);
  }

  /**
   * Whether its table keeps one row a key, of the newest pane. Where the sink does not say, that is
   * so where rows have a key and each pane holds all of its window.
   */
  public boolean upserts(boolean keyed) {
    Located<Sink.WriteMode> write = sink.common().write();
    return write == null
        ? keyed && windowing.accumulationMode() == Windowing.AccumulationMode.ACCUMULATING
        : write.value() == Sink.WriteMode.UPSERT;
  }

  /** A schema of its result with the descriptions that YAML has for its columns. */
  public Schema described(Schema schema) {
    List<Column> described = new ArrayList<>();
    for (Column column : schema.columns()) {
      Located<String> text = columns.get(column.name());
      described.add(
          text == null
              ? column
              : new Column(column.name(), column.type(), column.required(), text.value()));
    }
    return new Schema(described);
  }

  public String name() {
    return file.name();
  }

  /** The file as a whole. */
  public Place place() {
    return Place.ofFile(file.path());
  }

  /** How old the newest window may be before somebody should look; null: no limit. */
  public record Freshness(@Nullable Duration warnAfter, @Nullable Duration errorAfter)
      implements Serializable {}
}
