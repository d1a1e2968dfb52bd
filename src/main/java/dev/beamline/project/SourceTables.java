package dev.beamline.project;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.TypeParser;
import dev.beamline.catalog.TypeParser.InvalidTypeException;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tables of sources. */
public final class SourceTables {

  private SourceTables() {}

  /**
   * The tables of the sources that are right, by name; what is wrong is reported.
   *
   * @param problems gets the mistakes in types and in what depends on them
   */
  public static Map<String, Table> of(Collection<Source> sources, Problems problems) {
    Map<String, Table> tables = new LinkedHashMap<>();
    for (Source source : sources) {
      Table table = of(source, problems);
      if (table != null) {
        tables.put(source.name(), table);
      }
    }
    return tables;
  }

  /** The table, or null where a column's type is wrong, which is reported. */
  public static @Nullable Table of(Source source, Problems problems) {
    List<Column> columns = new ArrayList<>();
    for (ColumnDefinition definition : source.columns()) {
      Type type = type(definition, problems);
      if (type != null) {
        columns.add(
            new Column(
                definition.name().value(), type, definition.required(), definition.description()));
      }
    }
    if (columns.size() < source.columns().size()) {
      return null;
    }
    Schema schema = new Schema(columns);
    int eventTime = eventTime(source, schema, problems);
    checkDeduplication(source, schema, problems);
    checkText(source, schema, problems);
    return new Table(source.name(), schema, eventTime, source.bounded());
  }

  /**
   * Parses the type of a column, parameter or the like.
   *
   * @param verbatim whether places inside the text can be told from its place
   * @return null where it is wrong, which is reported
   */
  public static @Nullable Type parseType(
      Located<String> text, boolean verbatim, Problems problems) {
    try {
      return TypeParser.parse(text.value());
    } catch (InvalidTypeException e) {
      Place whole = text.place();
      Place place =
          verbatim
              ? new Place(whole.file(), whole.line(), whole.column() + e.offset(), e.length())
              : whole;
      problems.add(Diagnostic.error(DiagnosticCode.INVALID_VALUE, place, e.message(), e.hint()));
      return null;
    }
  }

  private static @Nullable Type type(ColumnDefinition definition, Problems problems) {
    Type type = parseType(definition.type(), definition.typeIsVerbatim(), problems);
    if (type != null && holdsInterval(type)) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.INVALID_VALUE,
              definition.type().place(),
              "a source's column cannot be an INTERVAL",
              "use INT64 and make the interval in SQL"));
      return null;
    }
    return type;
  }

  private static boolean holdsInterval(Type type) {
    if (type instanceof ArrayType array) {
      return holdsInterval(array.element());
    }
    return type instanceof StructType struct
        ? struct.fields().stream().anyMatch(f -> holdsInterval(f.type()))
        : type == ScalarType.INTERVAL;
  }

  private static int eventTime(Source source, Schema schema, Problems problems) {
    Located<String> name = source.eventTime();
    if (name == null) {
      return -1;
    }
    int index = schema.indexOf(name.value());
    if (index >= 0 && schema.type(index) != ScalarType.TIMESTAMP) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.WRONG_TYPE,
              name.place(),
              "the event time must be a TIMESTAMP, but \""
                  + name.value()
                  + "\" is "
                  + schema.type(index).sql(),
              timestamps(schema)));
      return -1;
    }
    return index;
  }

  private static @Nullable String timestamps(Schema schema) {
    List<String> names =
        schema.columns().stream()
            .filter(c -> c.type() == ScalarType.TIMESTAMP)
            .map(Column::name)
            .toList();
    return names.isEmpty() ? null : "TIMESTAMP columns: " + String.join(", ", names);
  }

  private static void checkDeduplication(Source source, Schema schema, Problems problems) {
    if (source.deduplicate() == null) {
      return;
    }
    for (Located<String> by : source.deduplicate().by()) {
      int index = schema.indexOf(by.value());
      if (index >= 0
          && !(schema.type(index) instanceof ScalarType scalar && isComparable(scalar))) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.WRONG_TYPE,
                by.place(),
                "the column \""
                    + by.value()
                    + "\" is "
                    + schema.type(index).sql()
                    + ", whose values cannot be compared",
                "allowed: columns that are not ARRAY, STRUCT or JSON"));
      }
    }
  }

  private static boolean isComparable(ScalarType type) {
    return type != ScalarType.JSON;
  }

  /** Attributes and headers are text, and CSV holds no nested values. */
  private static void checkText(Source source, Schema schema, Problems problems) {
    Map<String, String> texts = Map.of();
    if (source.system() instanceof SourceSystem.Pubsub pubsub) {
      texts = pubsub.attributes();
    } else if (source.system() instanceof SourceSystem.Kafka kafka) {
      texts = kafka.headers();
    }
    boolean csv =
        source.system() instanceof SourceSystem.Files files && files.format() == Format.CSV;
    for (ColumnDefinition column : source.columns()) {
      Type type = schema.type(schema.indexOf(column.name().value()));
      boolean isText = texts.keySet().stream().anyMatch(column.name().value()::equalsIgnoreCase);
      if ((isText || csv) && !(type instanceof ScalarType)) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.CONFLICTING_SETTINGS,
                column.type().place(),
                "the column \""
                    + column.name().value()
                    + "\" is "
                    + type.sql()
                    + ", which "
                    + (isText ? "an attribute" : "a CSV file")
                    + " cannot hold",
                "use " + (isText ? "the payload" : "JSON, Avro or Parquet") + ", or type: JSON"));
      }
    }
  }

  /** The key under which SQL finds a table: names of tables do not heed case here. */
  public static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
