package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.io.record.DecodedRecordCoder;
import dev.beamline.io.record.StageRecordsFn;
import dev.beamline.transform.lookup.TableReading;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.runners.core.construction.SerializablePipelineOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.TypedRead;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table of BigQuery, or a query's result, through Storage Read: only the columns that are
 * needed, and only the rows that some reader wants as far as conditions can be sent.
 */
public final class BigQuerySource implements SourceProvider {

  private final String name;
  private final @Nullable TableId table;
  private final @Nullable String query;
  private final Schema columns;
  private final PipelineOptions options;
  private final Place place;
  private final @Nullable Duration refresh;

  /**
   * A source.
   *
   * @param table null: there is a query
   * @param columns all that are declared
   * @param place of the table or query, for messages
   * @param refresh how old the rows that a stream looks up may become; null: they are read once
   */
  public BigQuerySource(
      String name,
      @Nullable TableId table,
      @Nullable String query,
      Schema columns,
      PipelineOptions options,
      Place place,
      @Nullable Duration refresh) {
    if ((table == null) == (query == null)) {
      throw new IllegalArgumentException("a table or a query: " + name);
    }
    this.name = name;
    this.table = table;
    this.query = query;
    this.columns = columns;
    this.options = options;
    this.place = place;
    this.refresh = refresh;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean bounded() {
    return true;
  }

  @Override
  public void check(Problems problems) {
    if (table == null) {
      return;
    }
    try {
      Table there = new BigQueryTables(BigQueryClients.rest(options)).find(table);
      if (there == null) {
        problems.add(
            Diagnostic.error(DiagnosticCode.FILE_NOT_FOUND, place, "there is no table " + table));
      } else {
        compare(there, problems);
      }
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.FILE_NOT_READABLE,
              place,
              "source " + name + ": " + table + " cannot be looked at: " + e.getMessage()));
    }
  }

  private void compare(Table there, Problems problems) {
    Map<String, TableFieldSchema> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (there.getSchema() != null && there.getSchema().getFields() != null) {
      there.getSchema().getFields().forEach(field -> fields.put(field.getName(), field));
    }
    for (Column column : columns.columns()) {
      TableFieldSchema field = fields.get(column.name());
      if (field == null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.UNKNOWN_COLUMN,
                place,
                "the table " + table + " has no column \"" + column.name() + "\"",
                NearestName.of(column.name(), fields.keySet())
                    .map(near -> "did you mean " + near + "?")
                    .orElse("it has " + String.join(", ", fields.keySet()))));
      } else if (!sameType(field, column)) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.WRONG_TYPE,
                place,
                "the column \""
                    + column.name()
                    + "\" of "
                    + table
                    + " is "
                    + BigQueryTypes.sql(field)
                    + ", but is declared as "
                    + column.type().sql(),
                "declare it as it is, and CAST it in SQL"));
      }
    }
  }

  private static boolean sameType(TableFieldSchema field, Column column) {
    return plain(BigQueryTypes.sql(field)).equals(plain(column.type().sql()));
  }

  private static String plain(String type) {
    return type.replace(" ", "").toUpperCase(Locale.ROOT);
  }

  @Override
  public @Nullable TableReading reading() {
    return refresh == null || table == null
        ? null
        : new RefreshedTable(name, table, refresh, new SerializablePipelineOptions(options));
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    Schema wanted = required(request.read(), request.eventTime());
    TypedRead<DecodedRecord> read =
        BigQueryIO.read(
                new DecodeFn(name, query == null ? String.valueOf(table) : "a query", wanted))
            .withMethod(TypedRead.Method.DIRECT_READ)
            .withCoder(DecodedRecordCoder.of(request.read()))
            .withoutValidation();
    if (table != null) {
      String restriction = RowRestrictions.of(request.filters());
      read = read.from(table.reference()).withSelectedFields(fields(request.read()));
      if (restriction != null) {
        read = read.withRowRestriction(restriction);
      }
    } else {
      read = read.fromQuery(String.valueOf(query)).usingStandardSql();
    }
    return begin
        .apply("Read", read)
        .apply(
            "Stage",
            ParDo.of(new StageRecordsFn(name, request))
                .withOutputTags(request.errors(), request.outputTags()));
  }

  /** Storage Read takes no columns for all of them: where none is needed, the first one is read. */
  private List<String> fields(Schema read) {
    return read.size() == 0 ? List.of(columns.name(0)) : read.names();
  }

  /** A row without event time is no row. */
  private static Schema required(Schema read, int eventTime) {
    List<Column> wanted = new ArrayList<>(read.columns());
    if (eventTime >= 0) {
      Column column = wanted.get(eventTime);
      wanted.set(eventTime, new Column(column.name(), column.type(), true, column.description()));
    }
    return new Schema(wanted);
  }
}
