package dev.beamline.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;

/**
 * Answers a workload with Flink SQL: {@code batch|stream WORKLOAD INPUT OUTPUT}, or, from a topic
 * to another until it is killed, {@code kafka WORKLOAD SERVERS/INPUT OUTPUT}.
 */
public final class FlinkSqlPeer {

  private FlinkSqlPeer() {}

  public static void main(String[] args) throws Exception {
    boolean batch = args[0].equals("batch");
    Configuration settings = new Configuration();
    settings.setString("parallelism.default", "2");
    settings.setString("pipeline.object-reuse", "true");
    settings.setString("table.local-time-zone", "UTC");
    if (args[0].equals("kafka")) {
      settings.setString("execution.checkpointing.interval", "10 s");
    } else if (!batch) {
      settings.setString("table.exec.mini-batch.enabled", "true");
      settings.setString("table.exec.mini-batch.allow-latency", "1 s");
      settings.setString("table.exec.mini-batch.size", "50000");
    }
    TableEnvironment tables =
        TableEnvironment.create(
            (batch
                    ? EnvironmentSettings.newInstance().inBatchMode()
                    : EnvironmentSettings.newInstance().inStreamingMode())
                .withConfiguration(settings)
                .build());
    if (args[0].equals("kafka")) {
      ofTopics(tables, args[1], args[2].split("/"), args[3]);
      return;
    }
    tables.executeSql(
        events("INTERVAL '2' DAY")
            + "'connector' = 'filesystem', 'path' = 'file://"
            + Path.of(args[2]).toAbsolutePath()
            + "')");
    try (CloseableIterator<Row> rows = tables.executeSql(sql(args[1])).collect();
        PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[3])))) {
      while (rows.hasNext()) {
        Row row = rows.next();
        if (row.getKind() != RowKind.INSERT) {
          throw new IllegalStateException("a change, not a row: " + row);
        }
        out.println(row.getField(0) + "," + row.getField(1) + "," + row.getField(2));
      }
    }
  }

  private static String events(String outOfOrder) {
    return "CREATE TABLE events (event_id STRING, event_time TIMESTAMP_LTZ(3), user_id STRING, team"
        + " STRING, type STRING, score BIGINT, WATERMARK FOR event_time AS event_time - "
        + outOfOrder
        + ") WITH ('format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601', ";
  }

  /** The input is a broker's address and a topic. */
  private static void ofTopics(
      TableEnvironment tables, String workload, String[] input, String output) throws Exception {
    String kafka = "'connector' = 'kafka', 'properties.bootstrap.servers' = '" + input[0] + "', ";
    boolean live = workload.equals("live");
    tables.executeSql(
        events(live ? "INTERVAL '0' SECOND" : "INTERVAL '2' DAY")
            + kafka
            + "'topic' = '"
            + input[1]
            + "', 'scan.startup.mode' = 'earliest-offset')");
    tables.executeSql(
        "CREATE TABLE results (w BIGINT, team STRING, total BIGINT) WITH ("
            + kafka
            + "'topic' = '"
            + output
            + "', 'format' = 'json')");
    tables.executeSql("INSERT INTO results " + sql(live ? "live" : "tumble")).await();
  }

  private static String sql(String workload) {
    String tumble = "TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' HOUR))";
    String start = "UNIX_TIMESTAMP(CAST(window_start AS STRING))";
    return switch (workload) {
      case "project" ->
          "SELECT event_id, user_id, score FROM events WHERE type = 'score' AND score > 8";
      case "tumble" ->
          "SELECT " + start + ", team, SUM(score) FROM " + tumble
              + " WHERE score IS NOT NULL GROUP BY team, window_start, window_end";
      case "live" ->
          "SELECT "
              + start
              + ", team, SUM(score) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL"
              + " '1' SECOND)) WHERE score IS NOT NULL GROUP BY team, window_start, window_end";
      case "hop" ->
          "SELECT " + start
              + ", team, SUM(score) FROM TABLE(HOP(TABLE events, DESCRIPTOR(event_time),"
              + " INTERVAL '1' MINUTE, INTERVAL '1' HOUR)) WHERE score IS NOT NULL GROUP BY team,"
              + " window_start, window_end";
      case "distinct" ->
          "SELECT " + start + ", team, COUNT(DISTINCT user_id) FROM " + tumble
              + " GROUP BY team, window_start, window_end";
      case "top5" ->
          "SELECT " + start
              + ", user_id, total FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start,"
              + " window_end ORDER BY total DESC, user_id) AS n FROM (SELECT user_id,"
              + " SUM(score) AS total, window_start, window_end FROM " + tumble
              + " WHERE score IS NOT NULL GROUP BY user_id, window_start, window_end)) WHERE n <= 5";
      case "sessions" ->
          "SELECT CAST(EXTRACT(EPOCH FROM window_start) AS BIGINT) * 1000"
              + " + EXTRACT(MILLISECOND FROM window_start), user_id, COUNT(*) FROM"
              + " TABLE(SESSION(TABLE events PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL"
              + " '30' MINUTE)) GROUP BY user_id, window_start, window_end";
      default -> throw new IllegalArgumentException(workload);
    };
  }
}
