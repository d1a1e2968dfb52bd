package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A window's start and end have their values wherever a query copies them to. */
final class WindowCopiesTest {

  private static final List<String> WINDOWS =
      List.of(
          "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)",
          "HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 30 MINUTE, INTERVAL 1 HOUR)",
          "CUMULATE(TABLE events, DESCRIPTOR(ts), INTERVAL 20 MINUTE, INTERVAL 1 HOUR)");

  private static List<String> queries(String window) {
    String copied = "(SELECT *, window_start AS b, window_end AS c FROM TABLE(" + window + "))";
    return List.of(
        "SELECT window_start, window_end, MIN(b) AS m, MAX(c) AS n FROM "
            + copied
            + " GROUP BY window_start, window_end",
        "SELECT window_start, window_end, b, COUNT(*) AS n FROM "
            + copied
            + " GROUP BY window_start, window_end, b",
        "SELECT window_start, window_end, team, SUM(TIMESTAMP_DIFF(ts, b, SECOND)) AS s,"
            + " COUNTIF(c > ts) AS n FROM "
            + copied
            + " GROUP BY window_start, window_end, team",
        "SELECT b AS window_start, c AS window_end, SUM(score) AS s FROM "
            + copied
            + " GROUP BY b, c",
        "SELECT window_start, window_end, b, COUNT(*) AS n FROM "
            + copied
            + " GROUP BY GROUPING SETS ((window_start, window_end, b), (window_start, window_end))",
        "SELECT window_start, window_end, COUNT(b) AS n, COUNT(tag) AS t FROM "
            + copied
            + " LEFT JOIN UNNEST(tags) AS tag GROUP BY window_start, window_end",
        "SELECT window_start, window_end, MAX(b) AS m, COUNT(*) AS n FROM"
            + " (SELECT window_start, window_end, b FROM "
            + copied
            + " UNION ALL SELECT window_start, window_end, c FROM "
            + copied
            + ") GROUP BY window_start, window_end");
  }

  private static String sessions(String key) {
    return "(SELECT *, window_start AS b FROM TABLE(SESSION(TABLE events, DESCRIPTOR(ts),"
        + " DESCRIPTOR("
        + key
        + "), INTERVAL 5 MINUTE)))";
  }

  private static final List<String> SESSIONS =
      List.of(
          "SELECT window_start, window_end, user, b, COUNT(*) AS n FROM "
              + sessions("user")
              + " GROUP BY window_start, window_end, user, b",
          "SELECT window_start, window_end, user, MAX(c) AS m FROM (SELECT window_start, window_end,"
              + " user, b AS c, COUNT(*) AS n FROM "
              + sessions("user")
              + " GROUP BY window_start, window_end, user, b)"
              + " GROUP BY window_start, window_end, user",
          "SELECT window_start, window_end, user, COUNT(*) AS n FROM (SELECT * FROM "
              + sessions("user")
              + " UNION ALL SELECT * FROM "
              + sessions("team")
              + ") GROUP BY window_start, window_end, user",
          "SELECT window_start, window_end, user, MIN(b) AS m, MAX(TIMESTAMP_DIFF(ts, b, SECOND))"
              + " AS s FROM "
              + sessions("user")
              + " GROUP BY window_start, window_end, user");

  private static List<QueryPlan> plans(boolean streaming) {
    List<QueryPlan> plans = new ArrayList<>();
    for (String window : WINDOWS) {
      for (String sql : queries(window)) {
        plans.add(SqlQueries.compile("q" + plans.size(), sql, streaming));
      }
    }
    for (String sql : SESSIONS) {
      plans.add(SqlQueries.compile("q" + plans.size(), sql, streaming));
    }
    return plans;
  }

  private static void check(List<QueryPlan> plans, boolean streaming) {
    List<Tuple> events = SqlQueries.events(11, 60, 3);
    List<QueryJob> jobs = new ArrayList<>();
    plans.forEach(
        plan ->
            jobs.add(
                TestPlans.job(
                    plan, streaming ? windowing(Duration.ZERO, null, null) : Windowing.DEFAULT)));
    for (QueryJob job : jobs) {
      MemorySource source =
          streaming
              ? MemorySource.of(
                  "events",
                  SqlQueries.EVENTS,
                  new Script(SqlQueries.EVENTS, SqlQueries.TIME)
                      .rows(events.toArray(Tuple[]::new))
                      .end())
              : MemorySource.of("events", SqlQueries.EVENTS, events);
      List<Tuple> expected = SqlQueries.expected(job.plan().plan(), Map.of("events", events));
      Runs run = Runs.of(List.of(job), false, source);
      List<Tuple> rows =
          SqlQueries.sorted(
              run.sinks.changes(job.name()).stream()
                  .map(c -> Tuple.of(Arrays.copyOf(c.row().values(), job.plan().schema().size())))
                  .toList());
      assertFalse(expected.isEmpty(), job.name());
      assertEquals(expected, rows, () -> job.name() + " " + job.plan());
    }
  }

  @Test
  void inBatch() {
    check(plans(false), false);
  }

  @Test
  void inStream() {
    check(plans(true), true);
  }
}
