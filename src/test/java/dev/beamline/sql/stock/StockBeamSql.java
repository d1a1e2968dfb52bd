package dev.beamline.sql.stock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.sql.SqlTransform;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithTimestamps;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Beam SQL as it comes, over the table {@code events} of {@link StockBeamSqlTest}. */
final class StockBeamSql {

  private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

  private static final Schema ITEM =
      Schema.builder().addStringField("id").addInt64Field("price").build();

  static final Schema EVENTS =
      Schema.builder()
          .addStringField("user_id")
          .addStringField("team")
          .addNullableField("score", Schema.FieldType.INT32)
          .addDateTimeField("event_time")
          .addNullableField("boss", Schema.FieldType.STRING)
          .addRowField("item", ITEM)
          .addArrayField("tags", Schema.FieldType.STRING)
          .build();

  /** Plans go to the log otherwise; a field keeps the setting from being collected. */
  private static final Logger LOGGER = Logger.getLogger("org.apache.beam.sdk.extensions.sql");

  static {
    LOGGER.setLevel(Level.SEVERE);
  }

  private StockBeamSql() {}

  private static Row event(
      String user, String team, Integer score, String time, String boss, String... tags) {
    return Row.withSchema(EVENTS)
        .addValues(
            user,
            team,
            score,
            Instant.parse(time),
            boss,
            Row.withSchema(ITEM).addValues("i" + user, 10L).build(),
            List.of(tags))
        .build();
  }

  private static final List<Row> DATA =
      List.of(
          event("ann", "red", 2, "2026-01-01T00:00:01Z", "orc", "x", "y"),
          event("bob", "red", 3, "2026-01-01T00:00:02Z", null),
          event("cat", "blue", 2_000_000_000, "2026-01-01T00:00:04Z", "orc", "x"),
          event("dan", "blue", 2_000_000_000, "2026-01-01T01:00:00Z", null),
          event("eve", "blue", null, "2026-01-01T01:00:09Z", "elf"));

  /** The rows of the query, sorted, one a line; or a line that says why there are none. */
  static String run(String sql) {
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs(
                "--runner=DirectRunner",
                "--targetParallelism=1",
                "--enforceImmutability=false",
                "--enforceEncodability=false")
            .create();
    Pipeline pipeline = Pipeline.create(options);
    PCollection<Row> events =
        pipeline
            .apply(Create.of(DATA).withRowSchema(EVENTS))
            .apply(
                WithTimestamps.of((Row row) -> row.getDateTime("event_time").toInstant())
                    .withAllowedTimestampSkew(Duration.millis(Long.MAX_VALUE)))
            .setRowSchema(EVENTS);
    ROWS.clear();
    try {
      PCollectionTuple.of("events", events)
          .apply(SqlTransform.query(sql))
          .apply(ParDo.of(new Collect()));
    } catch (RuntimeException | LinkageError e) {
      return "refused: " + reason(e) + "\n";
    }
    try {
      pipeline.run().waitUntilFinish();
    } catch (RuntimeException | LinkageError e) {
      return "fails while it runs: " + reason(e) + "\n";
    }
    List<String> rows = new ArrayList<>(ROWS);
    Collections.sort(rows);
    return String.join("", rows);
  }

  private static String reason(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    String shortened = message.length() > 100 ? message.substring(0, 100) + " ..." : message;
    return deepest.getClass().getSimpleName()
        + ": "
        + shortened.replaceAll("#\\d+", "#n").replaceAll("@[0-9a-f]{5,}", "@n");
  }

  private static final class Collect extends DoFn<Row, Void> {
    @ProcessElement
    public void process(@Element Row row) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.getFieldCount(); i++) {
        Object value = row.getValue(i);
        line.append(i == 0 ? "" : " | ").append(value == null ? "NULL" : value.toString());
      }
      ROWS.add(line.append('\n').toString());
    }
  }
}
