package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.project.Sink.Common;
import dev.beamline.project.Sink.Granularity;
import dev.beamline.project.Sink.WriteMode;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code sink} of defaults and queries. Read in the name of a query, whose name is the default of
 * the table. Since a query's sink is laid over the default one, no key but the type is required by
 * the schema.
 */
final class SinkShapes {

  private static final Pattern TABLE =
      Pattern.compile("(([A-Za-z0-9:.-]+\\.)?[A-Za-z0-9_]+\\.)?[A-Za-z0-9_]+");
  private static final int MOST_CLUSTER_COLUMNS = 4;

  private SinkShapes() {}

  private static final Key<String> TYPE =
      Key.of("type", Shapes.text(), "The system the rows go to.");
  private static final Key<Located<WriteMode>> WRITE =
      Key.of(
          "write",
          located(Shapes.oneOf(WriteMode.class)),
          "append: each pane is a row; upsert: one row a key, the newest wins."
              + " Default: upsert where the query has a key, else append.");
  private static final Key<Boolean> PANE_COLUMNS =
      Key.of(
          "pane_columns",
          Shapes.bool(),
          "Whether pane_timing, pane_index and is_final are written. Default: true.");
  private static final List<Key<?>> COMMON = List.of(TYPE, WRITE, PANE_COLUMNS);

  // BigQuery.
  private static final Key<String> PROJECT =
      Key.of("project", Shapes.text(), "The Google Cloud project. Default: the target's.");
  private static final Key<Located<String>> DATASET =
      Key.of(
          "dataset",
          Shapes.matching(
              Pattern.compile("[A-Za-z0-9_]+"), "a dataset", "allowed: letters, digits and _"),
          "The dataset.");
  private static final Key<Located<String>> BIGQUERY_TABLE =
      Key.of(
          "table",
          Shapes.matching(
              TABLE,
              "a table of BigQuery",
              "allowed: table, dataset.table or project.dataset.table"),
          "table, dataset.table or project.dataset.table. Default: the query's name.");
  private static final Key<Located<String>> PARTITION_BY =
      Key.of("partition_by", Shapes.locatedText(), "The TIMESTAMP, DATETIME or DATE column.");
  private static final Key<Granularity> GRANULARITY =
      Key.of("partition_granularity", Shapes.oneOf(Granularity.class), "Default: day.");
  private static final Key<List<Located<String>>> CLUSTER_BY =
      Key.of("cluster_by", Shapes.listOf(Shapes.locatedText()), "Up to four columns.");
  private static final Key<Boolean> DELIVERY =
      Key.of(
          "delivery",
          Shapes.oneOf(deliveries()),
          "exactly_once (the default) or at_least_once, which costs less.");
  private static final Key<Located<Boolean>> METHOD =
      Key.of(
          "method",
          located(Shapes.oneOf(methods())),
          "storage_write (the default), or file_loads: load jobs, for batch pipelines that append.");
  private static final Key<Map<String, String>> LABELS =
      Key.of("labels", Shapes.options(Shapes.option()), "Labels of the table.");
  private static final Key<Located<String>> ERRORS =
      Key.of("error_handling", SourceShapes.ERROR_HANDLING, "Where rows go that BigQuery refuses.");
  private static final ObjectShape<Sink> BIGQUERY =
      new ObjectShape<>(
          "a bigquery sink",
          "A table of BigQuery.",
          ObjectShape.keys(
              COMMON,
              PROJECT,
              DATASET,
              BIGQUERY_TABLE,
              PARTITION_BY,
              GRANULARITY,
              CLUSTER_BY,
              DELIVERY,
              METHOD,
              LABELS,
              ERRORS),
          SinkShapes::bigQuery);

  // Messages.
  private static final Key<Located<String>> TOPIC =
      Key.of("topic", Shapes.locatedText(), "The topic.");
  private static final Key<Map<String, String>> ATTRIBUTES =
      Key.of(
          "attributes", Shapes.attributes(), "Columns that also go to attributes of the message.");
  private static final Key<Located<String>> ORDERING_KEY =
      Key.of("ordering_key", Shapes.locatedText(), "The column whose equal values stay in order.");
  private static final ObjectShape<Sink> PUBSUB =
      new ObjectShape<>(
          "a pubsub sink",
          "A topic of Google Cloud Pub/Sub; rows are JSON.",
          ObjectShape.keys(COMMON, TOPIC, ATTRIBUTES, ORDERING_KEY),
          f -> {
            Located<String> topic = needed(f, TOPIC);
            return topic == null
                ? null
                : new Sink.Pubsub(
                    common(f), topic, f.or(ATTRIBUTES, Map.of()), f.get(ORDERING_KEY));
          });

  private static final Key<String> BOOTSTRAP_SERVERS =
      Key.of("bootstrap_servers", Shapes.text(), "host:port of the brokers, parted by commas.");
  private static final Key<List<Located<String>>> KEY =
      Key.of(
          "key",
          Shapes.listOf(Shapes.locatedText()),
          "Columns of the record's key. Default: the key of the query's rows.");
  private static final Key<Map<String, String>> PRODUCER_CONFIG =
      Key.of(
          "producer_config",
          Shapes.options(Shapes.option()),
          "Further options of Kafka's producer.");
  private static final Key<Format> RECORD_FORMAT =
      Key.of("format", Shapes.oneOf(recordFormats()), "json (the default) or avro.");
  private static final Key<Boolean> KAFKA_DELIVERY =
      Key.of(
          "delivery",
          Shapes.oneOf(deliveries()),
          "at_least_once (the default), or exactly_once: in transactions, which consumers see when"
              + " the runner's checkpoint is done.");
  private static final ObjectShape<Sink> KAFKA =
      new ObjectShape<>(
          "a kafka sink",
          "A topic of Kafka.",
          ObjectShape.keys(
              COMMON,
              BOOTSTRAP_SERVERS,
              TOPIC,
              KEY,
              RECORD_FORMAT,
              KAFKA_DELIVERY,
              PRODUCER_CONFIG),
          f -> {
            String servers = needed(f, BOOTSTRAP_SERVERS);
            Located<String> topic = needed(f, TOPIC);
            return servers == null || topic == null
                ? null
                : new Sink.Kafka(
                    common(f),
                    servers,
                    topic,
                    f.or(KEY, List.of()),
                    f.or(RECORD_FORMAT, Format.JSON),
                    !f.or(KAFKA_DELIVERY, true),
                    f.or(PRODUCER_CONFIG, Map.of()));
          });

  // Local things.
  private static final Key<Located<String>> PATH =
      Key.of(
          "path",
          Shapes.path(),
          "One file (.ndjson, .csv, .parquet), or a folder that ends in / and gets NAME.ndjson.");
  private static final Key<Format> FORMAT =
      Key.of(
          "format",
          Shapes.oneOf(fileFormats()),
          "Default: by the ending of the path; in a folder: json.");
  private static final Key<Integer> SHARDS =
      Key.of("shards", Shapes.integer(1, 10_000), "Number of files. Default: one.");
  private static final ObjectShape<Sink> FILES =
      new ObjectShape<>(
          "a files sink",
          "Files of this machine or of Cloud Storage.",
          ObjectShape.keys(COMMON, PATH, FORMAT, SHARDS),
          SinkShapes::files);

  private static final Key<Located<String>> DATABASE =
      Key.of("path", Shapes.path(), "The database file. Default: the target's warehouse.");
  private static final Key<Located<String>> DUCKDB_TABLE =
      Key.of("table", Shapes.table(), "Default: the query's name.");
  private static final ObjectShape<Sink> DUCKDB =
      new ObjectShape<>(
          "a duckdb sink",
          "A table of a DuckDB file.",
          ObjectShape.keys(COMMON, DATABASE, DUCKDB_TABLE),
          f -> {
            Located<String> table = f.get(DUCKDB_TABLE);
            return new Sink.DuckDb(
                common(f), f.get(DATABASE), table == null ? f.owner().value() : table.value());
          });

  private static final ObjectShape<Sink> CONSOLE =
      new ObjectShape<>(
          "a console sink", "Lines on the terminal.", COMMON, f -> new Sink.Console(common(f)));

  static final TaggedShape<Sink> SINK = new TaggedShape<>("a sink", "type", variants(), null);

  /**
   * Lays a query's sink over the default one: key by key where the type is the same or not named,
   * else it stands alone.
   */
  static @Nullable YamlNode over(@Nullable YamlNode own, @Nullable YamlNode defaults) {
    if (!(own instanceof YamlMap map) || !(defaults instanceof YamlMap under)) {
      return own == null ? defaults : own;
    }
    Entry type = map.entry("type");
    Entry defaultType = under.entry("type");
    boolean same =
        type == null
            || (defaultType != null
                && type.value() instanceof YamlScalar a
                && defaultType.value() instanceof YamlScalar b
                && a.text().equals(b.text()));
    return same ? map.over(under) : map;
  }

  private static Map<String, ObjectShape<? extends Sink>> variants() {
    Map<String, ObjectShape<? extends Sink>> variants = new LinkedHashMap<>();
    variants.put("bigquery", BIGQUERY);
    variants.put("pubsub", PUBSUB);
    variants.put("kafka", KAFKA);
    variants.put("files", FILES);
    variants.put("duckdb", DUCKDB);
    variants.put("console", CONSOLE);
    return variants;
  }

  private static Map<String, Boolean> deliveries() {
    Map<String, Boolean> deliveries = new LinkedHashMap<>();
    deliveries.put("exactly_once", false);
    deliveries.put("at_least_once", true);
    return deliveries;
  }

  private static Map<String, Boolean> methods() {
    Map<String, Boolean> methods = new LinkedHashMap<>();
    methods.put("storage_write", false);
    methods.put("file_loads", true);
    return methods;
  }

  private static Map<String, Format> recordFormats() {
    Map<String, Format> formats = new LinkedHashMap<>();
    formats.put("json", Format.JSON);
    formats.put("avro", Format.AVRO);
    return formats;
  }

  private static Map<String, Format> fileFormats() {
    Map<String, Format> formats = new LinkedHashMap<>();
    formats.put("json", Format.JSON);
    formats.put("csv", Format.CSV);
    formats.put("parquet", Format.PARQUET);
    return formats;
  }

  private static <T> Shape<Located<T>> located(Shape<T> shape) {
    return Shapes.custom(
        (node, reading) -> {
          T value = shape.read(node, reading);
          return value == null ? null : new Located<>(value, node.place());
        },
        self -> shape.schema());
  }

  private static Common common(Fields f) {
    return new Common(f.owner().value(), f.place(), f.get(WRITE), f.or(PANE_COLUMNS, true));
  }

  /** The value of a key that the sink cannot do without, wherever it is written. */
  private static <T> @Nullable T needed(Fields f, Key<T> key) {
    if (!f.has(key)) {
      f.error(
          DiagnosticCode.MISSING_KEY,
          f.place(),
          "the sink of \"" + f.owner().value() + "\" needs the key \"" + key.name() + "\"",
          key.description());
    }
    return f.get(key);
  }

  private static @Nullable Sink bigQuery(Fields f) {
    Located<String> dataset = f.get(DATASET);
    Located<String> table = f.get(BIGQUERY_TABLE);
    String project = f.get(PROJECT);
    String datasetName = dataset == null ? null : dataset.value();
    String tableName = f.owner().value();
    if (table != null) {
      String[] parts = split(table.value());
      tableName = parts[2];
      datasetName = parts[1].isEmpty() ? datasetName : parts[1];
      project = parts[0].isEmpty() ? project : parts[0];
    }
    List<Located<String>> clusterBy = f.or(CLUSTER_BY, List.of());
    if (clusterBy.size() > MOST_CLUSTER_COLUMNS) {
      f.error(
          DiagnosticCode.INVALID_VALUE,
          clusterBy.get(MOST_CLUSTER_COLUMNS).place(),
          "BigQuery clusters by at most 4 columns, not " + clusterBy.size(),
          null);
    }
    if (f.has(GRANULARITY) && !f.has(PARTITION_BY)) {
      f.error(
          DiagnosticCode.MISSING_KEY,
          f.placeOfKey(GRANULARITY),
          "\"partition_granularity\" needs the key \"partition_by\" beside it",
          null);
    }
    if (datasetName == null) {
      if (!f.has(DATASET) && (table != null || !f.has(BIGQUERY_TABLE))) {
        f.error(
            DiagnosticCode.MISSING_KEY,
            f.place(),
            "the sink of \"" + f.owner().value() + "\" needs the key \"dataset\"",
            "or a table with its dataset: table: dataset.table");
      }
      return null;
    }
    Located<Boolean> method = f.get(METHOD);
    if (method != null && method.value() && f.has(DELIVERY)) {
      f.error(
          DiagnosticCode.CONFLICTING_SETTINGS,
          f.placeOfKey(DELIVERY),
          "load jobs write each row once: \"delivery\" is for method: storage_write",
          "remove the delivery, or the method");
    }
    Located<String> errors = f.get(ERRORS);
    return new Sink.BigQuery(
        common(f),
        project,
        datasetName,
        tableName,
        f.get(PARTITION_BY),
        f.or(GRANULARITY, Granularity.DAY),
        clusterBy,
        f.or(DELIVERY, false),
        f.get(METHOD),
        f.or(LABELS, Map.of()),
        errors == null ? null : errors.value());
  }

  /** Project, dataset and table; what is not written is empty. */
  private static String[] split(String name) {
    int last = name.lastIndexOf('.');
    if (last < 0) {
      return new String[] {"", "", name};
    }
    int first = name.lastIndexOf('.', last - 1);
    return new String[] {
      first < 0 ? "" : name.substring(0, first),
      name.substring(first + 1, last),
      name.substring(last + 1)
    };
  }

  private static @Nullable Sink files(Fields f) {
    Located<String> path = needed(f, PATH);
    if (path == null) {
      return null;
    }
    Format format = f.get(FORMAT);
    String file = path.value();
    if (ProjectFolder.isGlob(file)) {
      f.error(
          DiagnosticCode.INVALID_VALUE,
          path.place(),
          "\"" + file + "\" has a wildcard: rows go to one file or folder",
          "a folder ends in /");
      return null;
    }
    if (file.endsWith("/")) {
      Format written = format == null ? Format.JSON : format;
      file += f.owner().value() + ending(written);
      format = written;
    } else {
      Format byEnding = Format.ofPath(file).orElse(null);
      if (byEnding == null || byEnding == Format.AVRO || isCompressed(file)) {
        f.error(
            DiagnosticCode.INVALID_VALUE,
            path.place(),
            "the ending of \"" + file + "\" is not one that rows can be written in",
            "allowed: .ndjson, .csv, .parquet, or a folder that ends in /");
        return null;
      }
      if (format != null && format != byEnding) {
        f.error(
            DiagnosticCode.CONFLICTING_SETTINGS,
            f.placeOf(FORMAT),
            "the format is "
                + format.yaml()
                + ", but the ending of \""
                + file
                + "\" says "
                + byEnding.yaml(),
            "remove the format, or change the ending");
      }
      format = byEnding;
    }
    return new Sink.Files(common(f), new Located<>(file, path.place()), format, f.or(SHARDS, 0));
  }

  private static boolean isCompressed(String file) {
    return file.endsWith(".gz")
        || file.endsWith(".zst")
        || file.endsWith(".zstd")
        || file.endsWith(".bz2");
  }

  private static String ending(Format format) {
    return format == Format.JSON ? ".ndjson" : "." + format.yaml();
  }

  /** What a query without any sink in YAML gets: its table in the target's warehouse. */
  static Sink ofNothing(String query, Place place) {
    return new Sink.DuckDb(new Common(query, place, null, true), null, query);
  }
}
