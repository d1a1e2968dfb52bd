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
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tables of sources. */
public final class SourceTables {

  private SourceTables() {}

  /**
   * The tables of sources, by name.
   *
   * @param problems gets what does not fit the columns' types
   */
  public static Map<String, Table> of(Collection<Source> sources, Problems problems) {
    Map<String, Table> tables = new LinkedHashMap<>();
    sources.forEach(source -> tables.put(source.name(), of(source, problems)));
    return tables;
  }

  /**
   * The table of a source.
   *
   * @param problems gets what does not fit the columns' types
   */
  public static Table of(Source source, Problems problems) {
    Schema schema = schema(source);
    int eventTime = eventTime(source, schema, problems);
    checkDeduplication(source, schema, problems);
    checkText(source, schema, problems);
    return new Table(source.name(), schema, eventTime, source.bounded());
  }

  /** The columns of a source. */
  public static Schema schema(Source source) {
    return new Schema(
        source.columns().stream()
            .map(c -> new Column(c.name().value(), c.type().value(), c.required(), c.description()))
            .toList());
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

  /** The type of a source's column, or null where it is wrong, which is reported. */
  static @Nullable Type columnType(YamlScalar text, Problems problems) {
    if (text.isUnknown()) {
      return null;
    }
    Type type = parseType(new Located<>(text.text(), text.place()), text.verbatim(), problems);
    if (type != null && holdsInterval(type)) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.INVALID_VALUE,
              text.place(),
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
    if (source.refresh() != null) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.CONFLICTING_SETTINGS,
              source.deduplicate().by().get(0).place(),
              "the source \""
                  + source.name()
                  + "\" is read anew (\"refresh\"), so its rows are no copies of those before",
              "remove deduplicate, and let the query take one row a key, such as with QUALIFY"));
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
}
