package dev.beamline.benchmarks;

import org.apache.beam.sdk.extensions.sql.SqlTransform;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.JsonToRow;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.util.RowJson.RowJsonDeserializer.NullBehavior;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.ReadableInstant;

/** Beam SQL as it comes. */
final class StockSql {

  private static final Schema EVENT =
      Schema.builder()
          .addNullableField("event_id", Schema.FieldType.STRING)
          .addNullableField("event_time", Schema.FieldType.DATETIME)
          .addNullableField("user_id", Schema.FieldType.STRING)
          .addNullableField("team", Schema.FieldType.STRING)
          .addNullableField("type", Schema.FieldType.STRING)
          .addNullableField("score", Schema.FieldType.INT64)
          .build();

  private StockSql() {}

  static PCollection<String> answer(String workload, PCollection<String> lines) {
    boolean millis = workload.equals("sessions");
    return lines
        .apply(
            "Parse",
            JsonToRow.withSchemaAndNullBehavior(EVENT, NullBehavior.ACCEPT_MISSING_OR_NULL))
        .apply("Sql", SqlTransform.query(sql(workload)))
        .apply(
            "Format",
            MapElements.into(TypeDescriptors.strings()).via((Row row) -> line(row, millis)));
  }

  private static String line(Row row, boolean millis) {
    Object first = row.getValue(0);
    Object shown = first;
    if (first instanceof ReadableInstant time) {
      shown = millis ? time.getMillis() : time.getMillis() / 1000;
    }
    return shown + "," + row.getValue(1) + "," + row.getValue(2);
  }

  private static String sql(String workload) {
    return switch (workload) {
      case "project" ->
          "SELECT event_id, user_id, score FROM PCOLLECTION WHERE `type` = 'score' AND score > 8";
      case "tumble" ->
          "SELECT TUMBLE_START(event_time, INTERVAL '1' HOUR), team, SUM(score) FROM PCOLLECTION"
              + " WHERE score IS NOT NULL GROUP BY team, TUMBLE(event_time, INTERVAL '1' HOUR)";
      case "hop" ->
          "SELECT HOP_START(event_time, INTERVAL '1' MINUTE, INTERVAL '1' HOUR), team, SUM(score)"
              + " FROM PCOLLECTION WHERE score IS NOT NULL GROUP BY team, HOP(event_time, INTERVAL"
              + " '1' MINUTE, INTERVAL '1' HOUR)";
      case "sessions" ->
          "SELECT SESSION_START(event_time, INTERVAL '30' MINUTE), user_id, COUNT(*) FROM"
              + " PCOLLECTION GROUP BY user_id, SESSION(event_time, INTERVAL '30' MINUTE)";
      default -> throw new IllegalArgumentException("Beam SQL has no way to say " + workload);
    };
  }
}
