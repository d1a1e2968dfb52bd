package dev.beamline.sql;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Chart;
import dev.beamline.project.Format;
import dev.beamline.project.Hints;
import dev.beamline.project.Located;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Sink.Granularity;
import dev.beamline.project.Sink.WriteMode;
import dev.beamline.project.Windowing;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a query's sink asks of its columns. */
final class OutputChecks {

  /** The columns that every result has beside the query's own. */
  static final List<String> PANE_COLUMNS = List.of("pane_timing", "pane_index", "is_final");

  private static final Pattern COLUMN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,299}");
  private static final Set<ScalarType> PARTITIONS =
      EnumSet.of(ScalarType.TIMESTAMP, ScalarType.DATETIME, ScalarType.DATE);
  private static final Set<ScalarType> NUMBERS =
      EnumSet.of(ScalarType.INT64, ScalarType.FLOAT64, ScalarType.NUMERIC, ScalarType.BIGNUMERIC);
  private static final Set<ScalarType> CLUSTERS =
      EnumSet.of(
          ScalarType.STRING,
          ScalarType.INT64,
          ScalarType.NUMERIC,
          ScalarType.BIGNUMERIC,
          ScalarType.BOOL,
          ScalarType.DATE,
          ScalarType.DATETIME,
          ScalarType.TIMESTAMP);

  private final Query query;
  private final QueryPlan plan;
  private final OutputPlaces places;
  private final Problems problems;

  private OutputChecks(Query query, QueryPlan plan, OutputPlaces places, Problems problems) {
    this.query = query;
    this.plan = plan;
    this.places = places;
    this.problems = problems;
  }

  /**
   * Checks a query.
   *
   * @param streaming whether it runs over a stream, too
   */
  static void check(
      Query query, QueryPlan plan, OutputPlaces places, boolean streaming, Problems problems) {
    OutputChecks checks = new OutputChecks(query, plan, places, problems);
    checks.names();
    checks.upsert();
    checks.sink();
    checks.shown();
    if (streaming) {
      checks.sessions();
      WithdrawnRows.check(query, plan, problems);
    }
  }

  /**
   * Of rows of sessions without a key: where a session becomes longer, nothing in their table says
   * that the rows of the shorter one are no more. By a late row these would be final ones, which is
   * refused; by early panes they are not, which is worth a warning.
   */
  private void sessions() {
    QueryPlan.ResultWindow window = plan.window();
    if (window == null
        || !(window.spec() instanceof WindowSpec.Session)
        || !plan.key().isEmpty()
        || PlanTraits.of(plan.plan()).bounded()) {
      return;
    }
    Windowing windowing = query.windowing();
    String grouped = "group by the session's keys, window_start and window_end";
    if (!windowing.allowedLateness().isZero()) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.SESSION_WITHOUT_KEY,
              places.result(),
              "its rows have no key, so where a late row makes a session longer, those of the"
                  + " shorter session would stay in the table as final ones",
              grouped + "; or set windowing: {allowed_lateness: 0s} for it"));
    } else if (windowing.trigger().early() != null) {
      problems.add(
          Diagnostic.warning(
              DiagnosticCode.SESSION_WITHOUT_KEY,
              places.result(),
              "its rows have no key, so where more rows make a session longer, early ones of the"
                  + " shorter session stay in the table, with is_final = false",
              grouped + "; or set no early trigger; or read where is_final"));
    }
  }

  /** What the dashboard and the documentation say of columns. */
  private void shown() {
    query.columns().forEach((name, described) -> known(new Located<>(name, described.place())));
    Chart chart = query.chart();
    if (chart == null) {
      return;
    }
    known(chart.x());
    known(chart.by());
    for (Located<String> name : chart.y()) {
      Column column = known(name);
      if (column != null && !(column.type() instanceof ScalarType type && NUMBERS.contains(type))) {
        error(
            DiagnosticCode.CONFLICTING_SETTINGS,
            name.place(),
            "a chart draws numbers, but \"" + name.value() + "\" is " + column.type().sql(),
            "draw a count of it, or name another column");
      }
    }
  }

  private @Nullable Column known(@Nullable Located<String> name) {
    return name == null ? null : column(DiagnosticCode.UNKNOWN_COLUMN, name);
  }

  private void names() {
    boolean panes = query.sink().common().paneColumns();
    for (Column column : plan.schema().columns()) {
      String name = column.name();
      if (panes && PANE_COLUMNS.contains(name.toLowerCase(Locale.ROOT))) {
        error(
            places.column(name),
            "the query has a column \"" + name + "\", which is the name of a pane column",
            "rename it, or set pane_columns: false of the sink");
      } else if (!COLUMN_NAME.matcher(name).matches() && !(query.sink() instanceof Sink.Console)) {
        error(
            places.column(name),
            "\"" + name + "\" cannot be the name of a column of a table",
            "give it another with AS; allowed: letters, digits and _");
      }
      if (holds(column.type(), ScalarType.INTERVAL) && !(query.sink() instanceof Sink.Console)) {
        error(
            places.column(name),
            "the column \"" + name + "\" is " + column.type().sql() + ", which no sink can keep",
            "extract a number from it, such as EXTRACT(HOUR FROM " + name + ")");
      }
    }
  }

  private void upsert() {
    Located<WriteMode> write = query.sink().common().write();
    if (write != null && write.value() == WriteMode.UPSERT && plan.key().isEmpty()) {
      error(
          write.place(),
          "write: upsert needs rows with a key, and those of \"" + query.name() + "\" have none",
          "a query with GROUP BY has: its group columns and the window; else use write: append");
    }
  }

  private void sink() {
    Sink sink = query.sink();
    if (sink instanceof Sink.BigQuery table) {
      if (table.partitionBy() != null) {
        partition(table.partitionBy(), table.granularity());
      }
      table.clusterBy().forEach(this::cluster);
    } else if (sink instanceof Sink.Kafka kafka) {
      kafka.key().forEach(this::column);
    } else if (sink instanceof Sink.Pubsub pubsub) {
      if (pubsub.orderingKey() != null) {
        column(pubsub.orderingKey());
      }
      for (String attribute : pubsub.attributes().keySet()) {
        Column column = column(new Located<>(attribute, sink.common().place()));
        if (column != null && !(column.type() instanceof ScalarType)) {
          error(
              sink.common().place(),
              "the column \""
                  + attribute
                  + "\" is "
                  + column.type().sql()
                  + ", which an attribute cannot hold",
              null);
        }
      }
    } else if (sink instanceof Sink.Files files && files.format() == Format.CSV) {
      for (Column column : plan.schema().columns()) {
        if (!(column.type() instanceof ScalarType)) {
          error(
              files.path().place(),
              "the column \""
                  + column.name()
                  + "\" is "
                  + column.type().sql()
                  + ", which CSV cannot hold",
              "write .ndjson or .parquet, or make it a STRING with TO_JSON_STRING");
        }
      }
    }
  }

  private void partition(Located<String> name, Granularity granularity) {
    Column column = column(name);
    if (column == null) {
      return;
    }
    if (!(column.type() instanceof ScalarType type && PARTITIONS.contains(type))) {
      error(
          name.place(),
          "BigQuery partitions by TIMESTAMP, DATETIME or DATE, but \""
              + name.value()
              + "\" is "
              + column.type().sql(),
          null);
    } else if (type == ScalarType.DATE && granularity == Granularity.HOUR) {
      error(
          name.place(),
          "\"" + name.value() + "\" is a DATE, which has no hours to partition by",
          "partition_granularity: day, month or year");
    }
  }

  private void cluster(Located<String> name) {
    Column column = column(name);
    if (column != null && !(column.type() instanceof ScalarType type && CLUSTERS.contains(type))) {
      error(
          name.place(),
          "BigQuery cannot cluster by \"" + name.value() + "\", which is " + column.type().sql(),
          null);
    }
  }

  private @Nullable Column column(Located<String> name) {
    return column(DiagnosticCode.SINK_SCHEMA, name);
  }

  private @Nullable Column column(DiagnosticCode code, Located<String> name) {
    Schema schema = plan.schema();
    int index = schema.indexOf(name.value());
    if (index >= 0) {
      return schema.column(index);
    }
    if (query.sink().common().paneColumns()
        && PANE_COLUMNS.contains(name.value().toLowerCase(Locale.ROOT))) {
      return Column.of(
          name.value(),
          switch (PANE_COLUMNS.indexOf(name.value().toLowerCase(Locale.ROOT))) {
            case 0 -> ScalarType.STRING;
            case 1 -> ScalarType.INT64;
            default -> ScalarType.BOOL;
          });
    }
    List<String> known = new ArrayList<>(schema.names());
    error(
        code,
        name.place(),
        "the query \"" + query.name() + "\" has no column \"" + name.value() + "\"",
        Hints.of(name.value(), known));
    return null;
  }

  private static boolean holds(Type type, ScalarType part) {
    if (type instanceof ArrayType array) {
      return holds(array.element(), part);
    }
    return type instanceof dev.beamline.catalog.StructType struct
        ? struct.fields().stream().anyMatch(f -> holds(f.type(), part))
        : type == part;
  }

  private void error(Place place, String message, @Nullable String hint) {
    error(DiagnosticCode.SINK_SCHEMA, place, message, hint);
  }

  private void error(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    problems.add(Diagnostic.error(code, place, message, hint));
  }
}
