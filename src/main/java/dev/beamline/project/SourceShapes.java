package dev.beamline.project;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.project.NamedShape.NameRule;
import dev.beamline.project.NamedShape.Named;
import dev.beamline.project.Source.Deduplication;
import dev.beamline.project.Source.WatermarkPolicy;
import dev.beamline.project.SourceSystem.CsvOptions;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The section {@code sources}. */
final class SourceShapes {

  private static final Pattern BIGQUERY_TABLE =
      Pattern.compile("([A-Za-z0-9:.-]+\\.)?[A-Za-z0-9_]+\\.[A-Za-z0-9_$-]+");

  private SourceShapes() {}

  // A column, long form.
  private static final Key<YamlScalar> TYPE_TEXT =
      Key.required(
          "type", typeText(), "The column's type, as in BigQuery: STRING, ARRAY<INT64> ...");
  private static final Key<Boolean> REQUIRED =
      Key.of(
          "required",
          Shapes.bool(),
          "Whether a record without a value is refused. Default: false.");
  private static final Key<String> COLUMN_DESCRIPTION =
      Key.of("description", Shapes.anyText(), "What the column means.");

  private static final ObjectShape<ColumnDefinition> LONG_COLUMN =
      new ObjectShape<>(
          "a column",
          "A column with more than a type.",
          List.of(TYPE_TEXT, REQUIRED, COLUMN_DESCRIPTION),
          f -> {
            YamlScalar text = f.need(TYPE_TEXT);
            Type type = SourceTables.columnType(text, f.problems());
            return type == null
                ? null
                : new ColumnDefinition(
                    f.owner(),
                    new Located<>(type, text.place()),
                    f.or(REQUIRED, false),
                    f.get(COLUMN_DESCRIPTION));
          });

  private static final Shape<ColumnDefinition> COLUMN =
      Shapes.custom(
          (node, reading) -> {
            if (node instanceof YamlMap) {
              return LONG_COLUMN.read(node, reading);
            }
            YamlScalar type = typeText().read(node, reading);
            Type parsed = type == null ? null : SourceTables.columnType(type, reading.problems());
            return type == null || parsed == null
                ? null
                : new ColumnDefinition(
                    reading.owner(), new Located<>(parsed, type.place()), false, null);
          },
          self -> {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("anyOf", List.of(typeText().schema(), LONG_COLUMN.schema()));
            return schema;
          });

  private static final Shape<Named<ColumnDefinition>> COLUMNS =
      new NamedShape<>("column", NameRule.TABLE, COLUMN);

  // Parts of a source.
  private static final Key<Duration> OUT_OF_ORDERNESS =
      Key.of(
          "max_out_of_orderness",
          Shapes.duration(),
          "How far the watermark stays behind the newest event. Default: 0s.");
  private static final Key<Duration> IDLE_TIMEOUT =
      Key.of(
          "idle_timeout",
          Shapes.positiveDuration(),
          "After how long without events a part of the source stops holding the watermark back.");
  private static final ObjectShape<WatermarkPolicy> WATERMARK =
      new ObjectShape<>(
          "a watermark",
          "How the watermark follows the events.",
          List.of(OUT_OF_ORDERNESS, IDLE_TIMEOUT),
          f -> new WatermarkPolicy(f.or(OUT_OF_ORDERNESS, Duration.ZERO), f.get(IDLE_TIMEOUT)));

  private static final Key<List<Located<String>>> BY =
      Key.required(
          "by", Shapes.someOf(Shapes.locatedText()), "The columns that are the same in a copy.");
  private static final Key<Duration> WITHIN =
      Key.required(
          "within", Shapes.positiveDuration(), "How far apart in event time copies may be.");
  private static final ObjectShape<Deduplication> DEDUPLICATE =
      new ObjectShape<>(
          "deduplicate",
          "Drops events that were seen before.",
          List.of(BY, WITHIN),
          SourceShapes::deduplication);

  private static final Key<Located<String>> OUTPUT =
      Key.required(
          "output", Shapes.table(), "The table that refused records go to, with the reason.");
  static final ObjectShape<Located<String>> ERROR_HANDLING =
      new ObjectShape<>(
          "error_handling",
          "Where records go that cannot be used.",
          List.of(OUTPUT),
          f -> f.need(OUTPUT));

  private static final Key<Located<String>> OPTIONAL_OUTPUT =
      Key.of(
          "output",
          Shapes.table(),
          "The table that refused records go to, with the reason. Default: NAME_errors.");
  private static final Key<Located<String>> ERROR_TOPIC =
      Key.of(
          "topic",
          Shapes.locatedText(),
          "A topic that gets refused records, too: of the same brokers, or of Pub/Sub.");

  /** Where a source's refused records go. */
  private record ErrorHandling(@Nullable Located<String> output, @Nullable Located<String> topic) {}

  private static final ObjectShape<ErrorHandling> SOURCE_ERROR_HANDLING =
      new ObjectShape<>(
          "error_handling",
          "Where records go that cannot be used.",
          List.of(OPTIONAL_OUTPUT, ERROR_TOPIC),
          f -> new ErrorHandling(f.get(OPTIONAL_OUTPUT), f.get(ERROR_TOPIC)));

  private static final Key<Character> DELIMITER =
      Key.of(
          "delimiter",
          Shapes.custom(SourceShapes::delimiter, s -> Shapes.anyText().schema()),
          "What parts the values. Default: a comma.");
  private static final Key<Boolean> HEADER =
      Key.of("header", Shapes.bool(), "Whether the first line names the columns. Default: true.");
  private static final Key<String> NULL_VALUE =
      Key.of("null_value", Shapes.anyText(), "The unquoted text that is NULL. Default: no text.");
  private static final ObjectShape<CsvOptions> CSV =
      new ObjectShape<>(
          "csv",
          "How the CSV is written.",
          List.of(DELIMITER, HEADER, NULL_VALUE),
          f -> new CsvOptions(f.or(DELIMITER, ','), f.or(HEADER, true), f.or(NULL_VALUE, "")));

  // Keys of every source.
  private static final Key<String> TYPE =
      Key.of("type", Shapes.text(), "The system the records come from.");
  private static final Key<String> DESCRIPTION =
      Key.of("description", Shapes.anyText(), "What the records are.");
  private static final Key<Named<ColumnDefinition>> COLUMNS_KEY =
      Key.required(
          "columns", COLUMNS, "The columns: NAME: TYPE, or NAME: {type, required, description}.");
  private static final Key<Located<String>> EVENT_TIME =
      Key.of("event_time", Shapes.locatedText(), "The column that says when the event happened.");
  private static final Key<WatermarkPolicy> WATERMARK_KEY =
      Key.of("watermark", WATERMARK, "How the watermark follows the events.");
  private static final Key<Deduplication> DEDUPLICATE_KEY =
      Key.of("deduplicate", DEDUPLICATE, "Drops events that were seen before.");
  private static final Key<ErrorHandling> ERRORS_KEY =
      Key.of(
          "error_handling",
          SOURCE_ERROR_HANDLING,
          "Where records go that do not parse or break the contract. Default: the table NAME_errors.");
  private static final Key<Located<String>> SAMPLE =
      Key.of(
          "sample",
          Shapes.path(),
          "A file that is read instead of the source by the local target and by query.");
  private static final Key<Duration> REFRESH =
      Key.of(
          "refresh",
          Shapes.positiveDuration(),
          "Makes it a slowly changing table to join against, read again this often.");
  private static final Key<Boolean> JOIN_VERSION =
      Key.of(
          "join_version",
          Shapes.oneOf(versions()),
          "Which version of a refreshed table a row meets: the newest, or the one that was current at"
              + " the row's event time. Default: newest.");
  private static final List<Key<?>> COMMON =
      List.of(
          TYPE,
          DESCRIPTION,
          COLUMNS_KEY,
          EVENT_TIME,
          WATERMARK_KEY,
          DEDUPLICATE_KEY,
          ERRORS_KEY,
          SAMPLE,
          REFRESH,
          JOIN_VERSION);

  // Files.
  private static final Key<Located<String>> PATH =
      Key.required(
          "path", Shapes.path(), "A path or glob inside the project, or gs://bucket/object.");
  private static final Key<Format> FILE_FORMAT =
      Key.of("format", Shapes.oneOf(Format.class), "Default: by the ending of the path.");
  private static final Key<CsvOptions> CSV_KEY = Key.of("csv", CSV, "How the CSV is written.");
  private static final ObjectShape<Source> FILES =
      new ObjectShape<>(
          "a files source",
          "Files of this machine or of Cloud Storage.",
          ObjectShape.keys(COMMON, PATH, FILE_FORMAT, CSV_KEY),
          SourceShapes::files);

  // Streams.
  private static final Key<Format> MESSAGE_FORMAT =
      Key.of(
          "format",
          Shapes.oneOf(messageFormats()),
          "How a message's payload is written. Default: json.");
  private static final Key<Located<String>> TOPIC =
      Key.of(
          "topic",
          Shapes.locatedText(),
          "projects/PROJECT/topics/TOPIC, or the name in the target's project; read by a new"
              + " subscription.");
  private static final Key<Located<String>> SUBSCRIPTION =
      Key.of(
          "subscription",
          Shapes.locatedText(),
          "projects/PROJECT/subscriptions/NAME, or NAME in the target's project.");
  private static final Key<Map<String, String>> ATTRIBUTES =
      Key.of(
          "attributes",
          Shapes.attributes(),
          "Columns that are read from attributes of the message.");
  private static final Key<String> ID_ATTRIBUTE =
      Key.of(
          "id_attribute",
          Shapes.text(),
          "Messages that share this attribute's value are one message.");
  private static final Key<String> TIMESTAMP_ATTRIBUTE =
      Key.of("timestamp_attribute", Shapes.text(), "The attribute that is the event time.");
  private static final ObjectShape<Source> PUBSUB =
      new ObjectShape<>(
          "a pubsub source",
          "Messages of Google Cloud Pub/Sub.",
          ObjectShape.keys(
              COMMON,
              TOPIC,
              SUBSCRIPTION,
              MESSAGE_FORMAT,
              ATTRIBUTES,
              ID_ATTRIBUTE,
              TIMESTAMP_ATTRIBUTE),
          SourceShapes::pubsub);

  private static final Key<String> BOOTSTRAP_SERVERS =
      Key.required(
          "bootstrap_servers", Shapes.text(), "host:port of the brokers, parted by commas.");
  private static final Key<Located<String>> KAFKA_TOPIC =
      Key.required("topic", Shapes.locatedText(), "The topic.");
  private static final Key<Located<String>> KEY_COLUMN =
      Key.of("key", Shapes.locatedText(), "The column that holds the record's key.");
  private static final Key<Map<String, String>> HEADERS =
      Key.of("headers", Shapes.attributes(), "Columns that are read from headers of the record.");
  private static final Key<Boolean> OFFSET_RESET =
      Key.of(
          "auto_offset_reset",
          Shapes.oneOf(offsets()),
          "Where a consumer without committed offsets begins. Default: earliest.");
  private static final Key<String> GROUP_ID =
      Key.of("group_id", Shapes.text(), "The consumer group whose offsets are committed.");
  private static final Key<Map<String, String>> CONSUMER_CONFIG =
      Key.of(
          "consumer_config",
          Shapes.options(Shapes.option()),
          "Further options of Kafka's consumer.");
  private static final ObjectShape<Source> KAFKA =
      new ObjectShape<>(
          "a kafka source",
          "Records of a Kafka topic.",
          ObjectShape.keys(
              COMMON,
              BOOTSTRAP_SERVERS,
              KAFKA_TOPIC,
              MESSAGE_FORMAT,
              KEY_COLUMN,
              HEADERS,
              OFFSET_RESET,
              GROUP_ID,
              CONSUMER_CONFIG),
          SourceShapes::kafka);

  private static final Key<Located<String>> QUERY =
      Key.of(
          "query",
          Shapes.locatedText(),
          "SQL that BigQuery itself runs, in place of a table; its result is read.");
  private static final Key<Located<String>> TABLE =
      Key.of(
          "table",
          Shapes.matching(
              BIGQUERY_TABLE,
              "a table of BigQuery",
              "allowed: dataset.table or project.dataset.table"),
          "dataset.table or project.dataset.table.");
  private static final ObjectShape<Source> BIGQUERY =
      new ObjectShape<>(
          "a bigquery source",
          "A table of BigQuery.",
          ObjectShape.keys(COMMON, TABLE, QUERY),
          SourceShapes::bigQuery);

  private static final Pattern JDBC_URL = Pattern.compile("jdbc:postgresql:(//)?[^\\s/?].*");
  private static final Key<Located<String>> URL =
      Key.required(
          "url",
          Shapes.custom(
              (node, reading) -> {
                Located<String> url = Shapes.locatedText().read(node, reading);
                if (url == null || JDBC_URL.matcher(url.value()).matches()) {
                  return url;
                }
                // It may hold a password: it is not shown.
                reading.error(
                    DiagnosticCode.INVALID_VALUE,
                    node.place(),
                    "this is no URL of a database that can be read",
                    "allowed: jdbc:postgresql://host:port/database");
                return null;
              },
              s -> Shapes.text().schema()),
          "jdbc:postgresql://host:port/database.");
  private static final Key<String> USERNAME =
      Key.of("username", Shapes.option(), "Who reads. Default: as the URL says.");
  private static final Key<String> PASSWORD =
      Key.of(
          "password",
          Shapes.option(),
          "The password, from the environment, a file or Secret Manager: ${DB_PASSWORD},"
              + " ${file:PATH} or ${secret:NAME}.");
  private static final Key<Located<String>> JDBC_TABLE =
      Key.of("table", Shapes.locatedText(), "The table, with its schema where needed.");
  private static final Key<Located<String>> JDBC_QUERY =
      Key.of(
          "query",
          Shapes.locatedText(),
          "SQL that the database itself runs, in place of a table; its result is read.");
  private static final ObjectShape<Source> JDBC =
      new ObjectShape<>(
          "a jdbc source",
          "A table of PostgreSQL.",
          ObjectShape.keys(COMMON, URL, USERNAME, PASSWORD, JDBC_TABLE, JDBC_QUERY),
          SourceShapes::jdbc);

  static final Shape<Source> SOURCE = new TaggedShape<>("a source", "type", variants(), null);

  private static Map<String, ObjectShape<? extends Source>> variants() {
    Map<String, ObjectShape<? extends Source>> variants = new LinkedHashMap<>();
    variants.put("pubsub", PUBSUB);
    variants.put("kafka", KAFKA);
    variants.put("files", FILES);
    variants.put("bigquery", BIGQUERY);
    variants.put("jdbc", JDBC);
    return variants;
  }

  private static Map<String, Format> messageFormats() {
    Map<String, Format> formats = new LinkedHashMap<>();
    formats.put("json", Format.JSON);
    formats.put("csv", Format.CSV);
    formats.put("avro", Format.AVRO);
    return formats;
  }

  private static Map<String, Boolean> versions() {
    Map<String, Boolean> versions = new LinkedHashMap<>();
    versions.put("newest", false);
    versions.put("event_time", true);
    return versions;
  }

  private static Map<String, Boolean> offsets() {
    Map<String, Boolean> offsets = new LinkedHashMap<>();
    offsets.put("earliest", false);
    offsets.put("latest", true);
    return offsets;
  }

  private static Shape<YamlScalar> typeText() {
    return Shapes.custom(
        (node, reading) -> {
          if (node instanceof YamlScalar scalar && scalar.value() instanceof String) {
            return scalar;
          }
          reading.wrongType(node, "a type such as STRING, INT64 or ARRAY<STRING>", null);
          return null;
        },
        self -> {
          Map<String, Object> schema = new LinkedHashMap<>();
          schema.put("type", "string");
          schema.put(
              "examples",
              List.of(
                  "STRING",
                  "INT64",
                  "FLOAT64",
                  "NUMERIC",
                  "BOOL",
                  "TIMESTAMP",
                  "DATE",
                  "ARRAY<STRING>",
                  "STRUCT<id STRING, price NUMERIC>"));
          return schema;
        });
  }

  private static @Nullable Character delimiter(YamlNode node, Reading reading) {
    String text = Shapes.anyText().read(node, reading);
    if (text == null) {
      return null;
    }
    if (text.length() != 1 || text.equals("\"") || text.equals("\n") || text.equals("\r")) {
      reading.error(
          DiagnosticCode.INVALID_VALUE,
          node.place(),
          node.describe() + " is not a delimiter",
          "allowed: one character, such as \",\", \";\" or \"\\t\"");
      return null;
    }
    return text.charAt(0);
  }

  private static Deduplication deduplication(Fields f) {
    return new Deduplication(f.need(BY), f.need(WITHIN));
  }

  private static @Nullable Source files(Fields f) {
    Located<String> path = f.need(PATH);
    Format format = f.get(FILE_FORMAT);
    if (format == null) {
      format = Format.ofPath(path.value()).orElse(null);
    }
    if (format == null) {
      if (!f.has(FILE_FORMAT)) {
        f.error(
            DiagnosticCode.MISSING_KEY,
            path.place(),
            "the ending of \"" + path.value() + "\" does not tell the format",
            "add format: json, csv, avro or parquet");
      }
      return null;
    }
    if (f.has(CSV_KEY) && format != Format.CSV) {
      f.error(
          DiagnosticCode.CONFLICTING_SETTINGS,
          f.placeOfKey(CSV_KEY),
          "\"csv\" says how CSV is written, but the format is " + format.yaml(),
          null);
    }
    return source(f, new SourceSystem.Files(path, format, f.or(CSV_KEY, CsvOptions.DEFAULT)));
  }

  private static @Nullable Source pubsub(Fields f) {
    if (f.has(TOPIC) == f.has(SUBSCRIPTION)) {
      f.error(
          f.has(TOPIC) ? DiagnosticCode.CONFLICTING_SETTINGS : DiagnosticCode.MISSING_KEY,
          f.has(TOPIC) ? f.placeOfKey(TOPIC) : f.owner().place(),
          f.has(TOPIC)
              ? "a pubsub source has \"topic\" or \"subscription\", not both"
              : "a pubsub source needs the key \"topic\" or \"subscription\"",
          f.has(TOPIC) ? "a subscription keeps messages while nothing runs" : null);
    }
    if (f.has(EVENT_TIME) && f.has(TIMESTAMP_ATTRIBUTE)) {
      f.error(
          DiagnosticCode.CONFLICTING_SETTINGS,
          f.placeOfKey(TIMESTAMP_ATTRIBUTE),
          "the event time is a column (\"event_time\") or an attribute (\"timestamp_attribute\"), not both",
          "remove one of them");
    }
    Map<String, String> attributes = f.or(ATTRIBUTES, Map.of());
    requireColumns(f, attributes, ATTRIBUTES);
    String timestamp = f.get(TIMESTAMP_ATTRIBUTE);
    Source source =
        source(
            f,
            new SourceSystem.Pubsub(
                f.get(TOPIC),
                f.get(SUBSCRIPTION),
                f.or(MESSAGE_FORMAT, Format.JSON),
                attributes,
                f.get(ID_ATTRIBUTE),
                timestamp));
    return source == null || timestamp == null || f.has(EVENT_TIME)
        ? source
        : timedByAttribute(f, source, timestamp);
  }

  /**
   * The event time is an attribute: the column that is read from it, or else one of its name, which
   * is added where it is not declared.
   */
  private static @Nullable Source timedByAttribute(Fields f, Source source, String attribute) {
    SourceSystem.Pubsub system = (SourceSystem.Pubsub) source.system();
    Place place = f.placeOfKey(TIMESTAMP_ATTRIBUTE);
    Map<String, String> attributes = new LinkedHashMap<>(system.attributes());
    List<ColumnDefinition> columns = new ArrayList<>(source.columns());
    String column =
        attributes.entrySet().stream()
            .filter(e -> e.getValue().equals(attribute))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(attribute);
    if (columns.stream().noneMatch(c -> c.name().value().equalsIgnoreCase(column))) {
      if (!NameRule.TABLE.pattern().matcher(column).matches()) {
        f.error(
            DiagnosticCode.MISSING_KEY,
            place,
            "no column is read from the attribute \""
                + attribute
                + "\", and none can have its name",
            "declare a TIMESTAMP column and attributes: {COLUMN: " + attribute + "}");
        return null;
      }
      columns.add(
          new ColumnDefinition(
              new Located<>(column, place),
              new Located<>(ScalarType.TIMESTAMP, place),
              true,
              "When it happened, from the attribute " + attribute + "."));
    }
    attributes.putIfAbsent(column, attribute);
    return new Source(
        source.name(),
        source.place(),
        source.description(),
        new SourceSystem.Pubsub(
            system.topic(),
            system.subscription(),
            system.format(),
            attributes,
            system.idAttribute(),
            attribute),
        columns,
        new Located<>(column, place),
        source.watermark(),
        source.deduplicate(),
        source.errorOutput(),
        source.sample(),
        source.refresh(),
        source.byEventTime(),
        source.errorTopic());
  }

  private static @Nullable Source bigQuery(Fields f) {
    Relation from = relation(f, "bigquery", TABLE, QUERY);
    return from == null ? null : source(f, new SourceSystem.BigQuery(from));
  }

  private static @Nullable Source jdbc(Fields f) {
    Relation from = relation(f, "jdbc", JDBC_TABLE, JDBC_QUERY);
    return from == null
        ? null
        : source(f, new SourceSystem.Jdbc(f.need(URL), f.get(USERNAME), f.get(PASSWORD), from));
  }

  /** The table or the query; null: not exactly one of them is there, which is reported. */
  private static @Nullable Relation relation(
      Fields f, String system, Key<Located<String>> tableKey, Key<Located<String>> queryKey) {
    if (f.has(tableKey) == f.has(queryKey)) {
      f.error(
          f.has(tableKey) ? DiagnosticCode.CONFLICTING_SETTINGS : DiagnosticCode.MISSING_KEY,
          f.has(tableKey) ? f.placeOfKey(queryKey) : f.owner().place(),
          f.has(tableKey)
              ? "a " + system + " source has \"table\" or \"query\", not both"
              : "a " + system + " source needs the key \"table\" or \"query\"",
          null);
      return null;
    }
    Located<String> table = f.get(tableKey);
    Located<String> query = f.get(queryKey);
    return table != null ? Relation.table(table) : query != null ? Relation.query(query) : null;
  }

  private static @Nullable Source kafka(Fields f) {
    Located<String> key = f.get(KEY_COLUMN);
    if (key != null) {
      requireColumn(f, key);
    }
    Map<String, String> headers = f.or(HEADERS, Map.of());
    requireColumns(f, headers, HEADERS);
    return source(
        f,
        new SourceSystem.Kafka(
            f.need(BOOTSTRAP_SERVERS),
            f.need(KAFKA_TOPIC),
            f.or(MESSAGE_FORMAT, Format.JSON),
            key,
            headers,
            f.or(OFFSET_RESET, false),
            f.get(GROUP_ID),
            f.or(CONSUMER_CONFIG, Map.of())));
  }

  private static @Nullable Source source(Fields f, SourceSystem system) {
    Named<ColumnDefinition> columns = f.need(COLUMNS_KEY);
    if (columns.keys().isEmpty()) {
      f.error(
          DiagnosticCode.MISSING_KEY,
          f.placeOfKey(COLUMNS_KEY),
          "the source \"" + f.owner().value() + "\" has no columns",
          "write each as NAME: TYPE");
      return null;
    }
    refuseEqualNames(f, columns);
    Located<String> eventTime = f.get(EVENT_TIME);
    if (eventTime != null) {
      requireColumn(f, eventTime);
    }
    Deduplication deduplicate = f.get(DEDUPLICATE_KEY);
    if (deduplicate != null) {
      deduplicate.by().forEach(column -> requireColumn(f, column));
    }
    Located<String> sample = f.get(SAMPLE);
    if (sample != null && Format.ofPath(sample.value()).isEmpty()) {
      f.error(
          DiagnosticCode.INVALID_VALUE,
          sample.place(),
          "the ending of \"" + sample.value() + "\" does not tell the format of the sample",
          "allowed: .ndjson, .csv, .avro, .parquet, also with .gz or .zst");
      sample = null;
    }
    if (f.has(REFRESH)
        && (system instanceof SourceSystem.Kafka || system instanceof SourceSystem.Pubsub)) {
      f.error(
          DiagnosticCode.CONFLICTING_SETTINGS,
          f.placeOfKey(REFRESH),
          "a " + system.type() + " source is a stream and cannot be refreshed",
          "allowed for: files, bigquery, jdbc");
    }
    if (f.has(JOIN_VERSION) && !f.has(REFRESH)) {
      f.error(
          DiagnosticCode.MISSING_KEY,
          f.placeOfKey(JOIN_VERSION),
          "\"join_version\" is of tables that are read again and again, and this one is not",
          "add refresh: DURATION");
    }
    ErrorHandling errors = f.or(ERRORS_KEY, new ErrorHandling(null, null));
    if (errors.topic() != null
        && !(system instanceof SourceSystem.Kafka || system instanceof SourceSystem.Pubsub)) {
      f.error(
          DiagnosticCode.CONFLICTING_SETTINGS,
          errors.topic().place(),
          "a " + system.type() + " source has no topics",
          "allowed for: kafka, pubsub; others have the table alone");
    }
    if (!columns.broken().isEmpty()) {
      return null;
    }
    return new Source(
        f.owner().value(),
        f.owner().place(),
        f.get(DESCRIPTION),
        system,
        List.copyOf(columns.values().values()),
        eventTime,
        f.or(WATERMARK_KEY, WatermarkPolicy.DEFAULT),
        deduplicate,
        errors.output(),
        sample,
        f.get(REFRESH),
        f.or(JOIN_VERSION, false),
        errors.topic());
  }

  /** Names that SQL cannot tell apart. */
  private static void refuseEqualNames(Fields f, Named<ColumnDefinition> columns) {
    Map<String, Located<String>> seen = new LinkedHashMap<>();
    for (Located<String> column : columns.keys().values()) {
      Located<String> first = seen.putIfAbsent(column.value().toLowerCase(Locale.ROOT), column);
      if (first != null) {
        f.error(
            DiagnosticCode.DUPLICATE_NAME,
            column.place(),
            "the columns \""
                + first.value()
                + "\" and \""
                + column.value()
                + "\" differ only in case",
            "SQL does not tell them apart: rename one");
      }
    }
  }

  private static void requireColumns(Fields f, Map<String, String> columns, Key<?> key) {
    Function<String, Place> place = name -> f.placeOfItem(key, name);
    columns.keySet().forEach(name -> requireColumn(f, new Located<>(name, place.apply(name))));
  }

  private static void requireColumn(Fields f, Located<String> column) {
    List<String> known = new ArrayList<>(f.need(COLUMNS_KEY).keys().keySet());
    if (known.stream().noneMatch(column.value()::equalsIgnoreCase)) {
      f.error(
          DiagnosticCode.UNKNOWN_COLUMN,
          column.place(),
          "the source \"" + f.owner().value() + "\" has no column \"" + column.value() + "\"",
          Hints.allowed(NearestName.of(column.value(), known).orElse(null), known));
    }
  }
}
