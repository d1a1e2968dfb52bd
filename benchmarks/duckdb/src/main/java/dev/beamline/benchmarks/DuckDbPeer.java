package dev.beamline.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** Answers a workload with DuckDB: {@code WORKLOAD INPUT OUTPUT}; INPUT is NDJSON or Parquet. */
public final class DuckDbPeer {

  private DuckDbPeer() {}

  public static void main(String[] args) throws Exception {
    String input = args[1].replace("'", "''");
    String events =
        args[1].endsWith(".parquet")
            ? "read_parquet('" + input + "')"
            : "read_json('"
                + input
                + "', format='newline_delimited', columns={event_id:'VARCHAR',"
                + " event_time:'TIMESTAMP', user_id:'VARCHAR', team:'VARCHAR', type:'VARCHAR',"
                + " score:'BIGINT'})";
    Path output = Path.of(args[2]);
    Files.deleteIfExists(output);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      if (args[0].equals("to_parquet")) {
        statement.execute(
            "COPY (SELECT * FROM " + events + ") TO '" + output + "' (FORMAT parquet)");
        return;
      }
      statement.execute(
          "COPY (" + sql(args[0], events) + ") TO '" + output + "' (FORMAT csv, HEADER false)");
    }
  }

  private static String sql(String workload, String events) {
    return switch (workload) {
      case "project" ->
          "SELECT event_id, user_id, score FROM " + events + " WHERE type = 'score' AND score > 8";
      case "tumble" ->
          "SELECT epoch(date_trunc('hour', event_time))::BIGINT, team, SUM(score)::BIGINT FROM "
              + events
              + " WHERE score IS NOT NULL GROUP BY 1, 2";
      case "hop" ->
          "SELECT w, team, SUM(n)::BIGINT FROM (SELECT m - 60 * unnest(range(60)) AS w, team, n FROM"
              + " (SELECT epoch(date_trunc('minute', event_time))::BIGINT AS m, team,"
              + " SUM(score)::BIGINT AS n FROM "
              + events
              + " WHERE score IS NOT NULL GROUP BY 1, 2)) GROUP BY 1, 2";
      case "distinct" ->
          "SELECT epoch(date_trunc('hour', event_time))::BIGINT, team, COUNT(DISTINCT user_id) FROM "
              + events
              + " GROUP BY 1, 2";
      case "top5" ->
          "SELECT w, user_id, total FROM (SELECT epoch(date_trunc('hour', event_time))::BIGINT AS w,"
              + " user_id, SUM(score)::BIGINT AS total FROM "
              + events
              + " WHERE score IS NOT NULL GROUP BY 1, 2) QUALIFY ROW_NUMBER() OVER (PARTITION BY w"
              + " ORDER BY total DESC, user_id) <= 5";
      case "sessions" ->
          "SELECT epoch_ms(MIN(t)), user_id, COUNT(*) FROM (SELECT user_id, t, SUM(fresh) OVER"
              + " (PARTITION BY user_id ORDER BY t RANGE UNBOUNDED PRECEDING) AS s FROM (SELECT"
              + " user_id, event_time AS t, CASE WHEN event_time < LAG(event_time) OVER (PARTITION"
              + " BY user_id ORDER BY event_time) + INTERVAL 30 MINUTE THEN 0 ELSE 1 END AS fresh"
              + " FROM "
              + events
              + ")) GROUP BY user_id, s";
      default -> throw new IllegalArgumentException(workload);
    };
  }
}
