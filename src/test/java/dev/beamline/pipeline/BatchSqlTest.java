package dev.beamline.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Windowing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bounded pipelines give what the executor in memory gives. All queries run in one pipeline. */
final class BatchSqlTest {

  private static final List<String> QUERIES =
      List.of(
          "SELECT user, score * 2 AS twice, ts FROM events WHERE score > 50",
          "SELECT COUNT(*) AS n, SUM(score) AS s, AVG(ratio) AS a, MAX(price) AS p FROM events",
          "SELECT COUNT(*) AS n, SUM(score) AS s FROM events WHERE score > 1000",
          "SELECT team, COUNT(DISTINCT user) AS users, STRING_AGG(user ORDER BY ts LIMIT 3) AS l"
              + " FROM events GROUP BY team",
          "SELECT DISTINCT team, user FROM events",
          "SELECT team, user, GROUPING(user) AS g, SUM(score) AS s, COUNT(*) AS n"
              + " FROM events GROUP BY ROLLUP(team, user)",
          "SELECT team, user, COUNT(*) AS n FROM events"
              + " GROUP BY GROUPING SETS ((team), (user), ())",
          "SELECT team, TUMBLE_START(ts, INTERVAL 1 HOUR) AS s, SUM(score) AS total,"
              + " ARRAY_AGG(score IGNORE NULLS ORDER BY score DESC, ts LIMIT 2) AS best"
              + " FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
          "SELECT team, SUM(score) AS total, COUNTIF(score > 50) AS high FROM events"
              + " GROUP BY team, HOP(ts, INTERVAL 7 MINUTE, INTERVAL 1 HOUR)",
          "SELECT team, AVG(price) AS a, COUNT(DISTINCT score) AS d FROM events"
              + " GROUP BY team, CUMULATE(ts, INTERVAL 10 MINUTE, INTERVAL 1 HOUR)",
          "SELECT user, COUNT(*) AS n, SESSION_END(ts, INTERVAL 5 MINUTE) AS e FROM events"
              + " GROUP BY user, SESSION(ts, INTERVAL 5 MINUTE)",
          "SELECT team, window_start, window_end, MAX(window_end) AS e, SUM(score) AS s"
              + " FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 20 MINUTE, INTERVAL 1 HOUR))"
              + " GROUP BY team, window_start, window_end HAVING SUM(score) > 300",
          "SELECT window_start, window_end, COUNT(*) AS n FROM"
              + " TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))"
              + " GROUP BY window_start, window_end",
          "SELECT user, score, ts, ROW_NUMBER() OVER (PARTITION BY team ORDER BY ts) AS rn,"
              + " LAG(score) OVER (PARTITION BY team ORDER BY ts) AS before,"
              + " SUM(score) OVER (PARTITION BY team ORDER BY ts"
              + " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS run FROM events",
          "SELECT UPPER(team) AS t, ts, RANK() OVER (PARTITION BY UPPER(team), score > 50"
              + " ORDER BY score DESC) AS r FROM events",
          "SELECT team, user, total FROM (SELECT team, user, SUM(score) AS total FROM events"
              + " GROUP BY team, user) QUALIFY ROW_NUMBER() OVER (PARTITION BY team"
              + " ORDER BY total DESC, user) <= 2",
          "SELECT team, score, ts FROM events ORDER BY score DESC, ts LIMIT 5 OFFSET 2",
          "SELECT e.team, e.score, p.country FROM events AS e JOIN players AS p ON e.user = p.user",
          "SELECT e.team, e.user, p.country, p.level FROM events AS e LEFT JOIN players AS p"
              + " ON e.user = p.user AND p.level * 10 < e.score",
          "SELECT e.user, e.ts, p.user AS pu, p.level FROM events AS e FULL JOIN players AS p"
              + " ON e.user = p.user AND p.level > 2",
          "SELECT p.country, e.ts FROM events AS e RIGHT JOIN players AS p ON e.user = p.user"
              + " AND e.score = 7",
          "SELECT ts FROM events WHERE user IN (SELECT user FROM players WHERE level > 2)",
          "SELECT ts FROM events WHERE user NOT IN (SELECT user FROM players"
              + " WHERE user IS NOT NULL AND level > 2)",
          "SELECT ts FROM events WHERE user NOT IN (SELECT user FROM players)",
          "SELECT ts FROM events AS e WHERE EXISTS (SELECT 1 FROM players AS p"
              + " WHERE p.user = e.user AND p.level < e.score)",
          "SELECT ts, score FROM events WHERE score > (SELECT AVG(score) FROM events)",
          "SELECT e.ts, tag, o FROM events AS e CROSS JOIN UNNEST(e.tags) AS tag WITH OFFSET AS o",
          "SELECT e.ts, tag FROM events AS e LEFT JOIN UNNEST(e.tags) AS tag",
          "SELECT tag, COUNT(*) AS n FROM events AS e, UNNEST(e.tags) AS tag GROUP BY tag",
          "SELECT team FROM events UNION ALL SELECT country FROM players",
          "SELECT user FROM events UNION DISTINCT SELECT user FROM players",
          "SELECT user FROM events INTERSECT DISTINCT SELECT user FROM players",
          "SELECT user FROM events EXCEPT DISTINCT SELECT user FROM players",
          "WITH per AS (SELECT team, user, SUM(score) AS s FROM events GROUP BY team, user)"
              + " SELECT a.team, a.user, b.user AS other FROM per AS a JOIN per AS b"
              + " ON a.team = b.team AND a.s < b.s",
          "SELECT team, (SELECT MAX(t) FROM UNNEST(tags) AS t) AS m, ARRAY_LENGTH(tags) AS n"
              + " FROM events",
          "SELECT hour, AVG(n) AS a FROM (SELECT TUMBLE_START(ts, INTERVAL 5 MINUTE) AS s,"
              + " TIMESTAMP_TRUNC(TUMBLE_START(ts, INTERVAL 5 MINUTE), HOUR) AS hour, COUNT(*) AS n"
              + " FROM events GROUP BY TUMBLE(ts, INTERVAL 5 MINUTE)) GROUP BY hour",
          "SELECT user, window_start, window_end, COUNT(*) AS n FROM (SELECT user, window_start,"
              + " window_end FROM TABLE(SESSION(TABLE events PARTITION BY user, DESCRIPTOR(ts),"
              + " INTERVAL 5 MINUTE))) GROUP BY 1, 2, 3"
              + " HAVING TIMESTAMP_DIFF(window_end, window_start, MINUTE) > 6",
          "SELECT user, team, window_start, window_end, COUNT(*) AS n FROM TABLE(SESSION("
              + "TABLE events PARTITION BY user, DESCRIPTOR(ts), INTERVAL 5 MINUTE))"
              + " GROUP BY user, team, window_start, window_end HAVING team <> 't1'",
          "SELECT user, window_start, window_end, MAX(TIMESTAMP_DIFF(window_end, ts, SECOND)) AS m,"
              + " SUM(score) AS s FROM TABLE(SESSION(TABLE events PARTITION BY user,"
              + " DESCRIPTOR(ts), INTERVAL 5 MINUTE)) GROUP BY 1, 2, 3",
          "SELECT user, window_start, TIMESTAMP_DIFF(window_end, window_start, SECOND) AS length,"
              + " COUNT(*) AS n FROM TABLE(SESSION(TABLE events PARTITION BY user,"
              + " DESCRIPTOR(ts), INTERVAL 5 MINUTE)) GROUP BY window_end, 1, 2, 3",
          "SELECT 1 AS one, 'a' AS letter");

  @Test
  void givesWhatTheExecutorGives() {
    List<QueryPlan> plans = new ArrayList<>();
    for (int i = 0; i < QUERIES.size(); i++) {
      plans.add(SqlQueries.compile("q" + i, QUERIES.get(i), false));
    }
    QueryPlan minutes =
        SqlQueries.compile(
            "minutes",
            "SELECT team, SUM(score) AS total FROM events GROUP BY team,"
                + " TUMBLE(ts, INTERVAL 1 MINUTE)",
            false);
    plans.add(minutes);
    plans.add(
        SqlQueries.compile(
            "hours",
            "SELECT team, window_start, window_end, SUM(total) AS total, COUNT(*) AS n FROM"
                + " TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(window_start), INTERVAL 1 HOUR))"
                + " GROUP BY team, window_start, window_end",
            false,
            minutes));
    List<Tuple> events = SqlQueries.events(5, 700, 3);
    List<Tuple> players = SqlQueries.players();
    Map<String, List<Tuple>> sources = Map.of("events", events, "players", players);
    List<QueryJob> jobs =
        plans.stream().map(plan -> TestPlans.job(plan, Windowing.DEFAULT)).toList();
    Runs run =
        Runs.of(
            jobs,
            MemorySource.of("events", SqlQueries.EVENTS, events),
            MemorySource.of("players", SqlQueries.PLAYERS, players));
    for (QueryPlan plan : plans) {
      List<Tuple> expected = SqlQueries.expected(plan.plan(), sources);
      int columns = plan.schema().size();
      List<Tuple> rows =
          SqlQueries.sorted(
              run.sinks.changes(plan.name()).stream()
                  .map(c -> Tuple.of(Arrays.copyOf(c.row().values(), columns)))
                  .toList());
      assertFalse(expected.isEmpty() && !plan.name().equals("q23"), plan::name);
      assertEquals(expected, rows, () -> plan.name() + " " + plan);
      assertEquals(List.of(), run.sinks.errors(plan.name()));
      long in = run.counter("rows:" + plan.name());
      assertEquals(
          in,
          run.counter("filtered:" + plan.name())
              + run.counter("failed:" + plan.name())
              + (plan.plan().toString().contains("Unnest")
                  ? in - run.counter("filtered:" + plan.name())
                  : run.counter("assigned:" + plan.name())),
          plan::name);
    }
  }
}
