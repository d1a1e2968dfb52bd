package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.number;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order in which rows come, and whatever panes are sent on the way: the final rows of
 * a stream are those of the executor in memory. All queries run in one pipeline.
 */
final class StreamSqlTest {

  private static final String HOURS =
      "TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))";

  private static final String PER =
      "WITH per AS (SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end"
          + " FROM "
          + HOURS
          + " GROUP BY team, user, window_start, window_end) ";

  private static final List<String> KEYED =
      List.of(
          // Windows.
          "SELECT team, SUM(score) AS total, COUNT(*) AS n FROM events"
              + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
          "SELECT team, SUM(score) AS total, COUNTIF(score > 50) AS high FROM events"
              + " GROUP BY team, HOP(ts, INTERVAL 20 MINUTE, INTERVAL 1 HOUR)",
          "SELECT team, AVG(price) AS a, COUNT(DISTINCT user) AS d FROM events"
              + " GROUP BY team, CUMULATE(ts, INTERVAL 20 MINUTE, INTERVAL 1 HOUR)",
          "SELECT user, COUNT(*) AS n, SESSION_END(ts, INTERVAL 5 MINUTE) AS e FROM events"
              + " GROUP BY user, SESSION(ts, INTERVAL 5 MINUTE)",
          "SELECT team, window_start, window_end, SUM(score) AS s, STRING_AGG(user ORDER BY ts)"
              + " AS users FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 30 MINUTE,"
              + " INTERVAL 1 HOUR)) GROUP BY team, window_start, window_end",
          "SELECT COUNT(*) AS n FROM events GROUP BY TUMBLE(ts, INTERVAL 1 HOUR)",
          // HAVING, and conditions on keys.
          "SELECT user, SUM(score) AS s, MAX(score) AS m FROM events WHERE score > 10"
              + " GROUP BY user, TUMBLE(ts, INTERVAL 1 HOUR) HAVING SUM(score) BETWEEN 100 AND 400",
          "SELECT user, COUNT(*) AS n FROM events GROUP BY user, SESSION(ts, INTERVAL 7 MINUTE)"
              + " HAVING COUNT(*) < 3",
          "SELECT user, window_start, window_end, COUNT(*) AS n FROM (SELECT user, window_start,"
              + " window_end FROM TABLE(SESSION(TABLE events PARTITION BY user, DESCRIPTOR(ts),"
              + " INTERVAL 5 MINUTE))) GROUP BY 1, 2, 3"
              + " HAVING TIMESTAMP_DIFF(window_end, window_start, MINUTE) > 6",
          "SELECT user, team, window_start, window_end, MAX(window_end) AS e, COUNT(*) AS n"
              + " FROM TABLE(SESSION(TABLE events PARTITION BY user, DESCRIPTOR(ts),"
              + " INTERVAL 5 MINUTE)) GROUP BY 1, 2, 3, 4 HAVING team <> 't1'",
          // Grouping sets.
          "SELECT team, user, SUM(score) AS s, COUNT(*) AS n, GROUPING(user) AS g, window_start,"
              + " window_end FROM "
              + HOURS
              + " GROUP BY GROUPING SETS ((window_start, window_end, team, user),"
              + " (window_start, window_end, team), (window_start, window_end))",
          // DISTINCT.
          "SELECT DISTINCT team, user, window_start, window_end FROM " + HOURS,
          // The first rows of each window.
          "SELECT team, COUNT(*) AS n, SUM(score) AS s FROM events"
              + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR) ORDER BY s DESC, team LIMIT 2",
          PER
              + "SELECT team, user, s, window_start, window_end FROM per QUALIFY ROW_NUMBER() OVER"
              + " (PARTITION BY team, window_start, window_end ORDER BY s DESC, user) <= 2",
          PER
              + "SELECT team, user, s, RANK() OVER (PARTITION BY window_start, window_end"
              + " ORDER BY s DESC, team, user) AS place, window_start, window_end FROM per"
              + " QUALIFY place <= 4",
          // OVER.
          PER
              + "SELECT team, user, s, SUM(s) OVER (PARTITION BY window_start, window_end, team"
              + " ORDER BY user ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS run,"
              + " LAG(s) OVER (PARTITION BY window_start, window_end, team ORDER BY user) AS prev,"
              + " window_start, window_end FROM per",
          // A second aggregation.
          PER
              + "SELECT team, SUM(s) AS total, COUNT(*) AS users, AVG(s) AS a, window_start,"
              + " window_end FROM per GROUP BY team, window_start, window_end",
          "SELECT team, SUM(total) AS total, COUNT(*) AS minutes, window_start, window_end FROM"
              + " TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(window_start), INTERVAL 1 HOUR))"
              + " GROUP BY team, window_start, window_end",
          "SELECT team, MAX(total) AS best, window_start, window_end FROM"
              + " TABLE(HOP(TABLE minutes, DESCRIPTOR(window_end), INTERVAL 20 MINUTE,"
              + " INTERVAL 1 HOUR)) GROUP BY team, window_start, window_end",
          "SELECT COUNT(*) AS sessions, SUM(n) AS n, window_start, window_end FROM"
              + " TABLE(TUMBLE(TABLE sessions, DESCRIPTOR(window_end), INTERVAL 1 HOUR))"
              + " GROUP BY window_start, window_end",
          // Joins in a window.
          PER
              + "SELECT a.team, a.user, b.user AS other, a.s + b.s AS both, a.window_start,"
              + " a.window_end FROM per AS a JOIN per AS b ON a.team = b.team AND a.s < b.s"
              + " AND a.window_start = b.window_start AND a.window_end = b.window_end",
          joined("JOIN"),
          joined("LEFT JOIN"),
          joined("RIGHT JOIN"),
          joined("FULL JOIN"),
          PER
              + "SELECT team, user, s, window_start, window_end FROM per WHERE s > 60 AND"
              + " STRUCT(user, window_start, window_end) IS NOT NULL AND user IN (SELECT user"
              + " FROM players WHERE level > 2)",
          PER
              + "SELECT a.team, a.user, a.s, a.window_start, a.window_end FROM per AS a WHERE"
              + " EXISTS (SELECT 1 FROM per AS b WHERE b.team = a.team AND b.s > a.s AND"
              + " b.window_start = a.window_start AND b.window_end = a.window_end)",
          PER
              + "SELECT a.team, a.user, a.s, a.window_start, a.window_end FROM per AS a WHERE NOT"
              + " EXISTS (SELECT 1 FROM per AS b WHERE b.team = a.team AND b.s > a.s AND"
              + " b.window_start = a.window_start AND b.window_end = a.window_end)",
          // Above the average of the window, as the game's cheaters.
          PER
              + ", all_of AS (SELECT AVG(s) AS a, window_start, window_end FROM per"
              + " GROUP BY window_start, window_end) SELECT p.team, p.user, p.s, p.window_start,"
              + " p.window_end FROM per AS p JOIN all_of AS g ON p.window_start = g.window_start"
              + " AND p.window_end = g.window_end WHERE p.s > 1.3 * g.a",
          // With a table.
          "SELECT country, SUM(score) AS s, COUNT(*) AS n FROM events AS e LEFT JOIN players AS p"
              + " ON e.user = p.user GROUP BY country, TUMBLE(e.ts, INTERVAL 1 HOUR)",
          "SELECT team, SUM(s) AS s, window_start, window_end FROM ("
              + PER
              + "SELECT per.team, per.s, per.window_start, per.window_end FROM per JOIN players AS p"
              + " ON per.user = p.user WHERE p.level > 1)"
              + " GROUP BY team, window_start, window_end",
          "SELECT team, COUNT(*) AS n FROM events WHERE score > (SELECT MAX(level) FROM players)"
              + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
          "SELECT team, COUNT(*) AS n FROM events WHERE user NOT IN (SELECT user FROM players"
              + " WHERE user IS NOT NULL AND level > 3) GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
          // Arrays.
          "SELECT tag, COUNT(*) AS n FROM events AS e CROSS JOIN UNNEST(e.tags) AS tag"
              + " GROUP BY tag, TUMBLE(e.ts, INTERVAL 1 HOUR)",
          "SELECT tag, COUNT(*) AS n, COUNT(tag) AS tags FROM events AS e LEFT JOIN"
              + " UNNEST(e.tags) AS tag GROUP BY tag, TUMBLE(e.ts, INTERVAL 1 HOUR)",
          // Sets.
          PER
              + ", t1 AS (SELECT DISTINCT user, window_start, window_end FROM per"
              + " WHERE team = 't1'), t2 AS (SELECT DISTINCT user, window_start, window_end FROM"
              + " per WHERE team = 't2') SELECT * FROM t1 INTERSECT DISTINCT SELECT * FROM t2",
          PER
              + ", t1 AS (SELECT DISTINCT user, window_start, window_end FROM per"
              + " WHERE team = 't1'), t2 AS (SELECT DISTINCT user, window_start, window_end FROM"
              + " per WHERE s > 60) SELECT * FROM t1 EXCEPT DISTINCT SELECT * FROM t2",
          PER
              + "SELECT user, window_start, window_end FROM per WHERE team = 't1' UNION DISTINCT"
              + " SELECT user, window_start, window_end FROM per WHERE s > 60",
          "SELECT user, SUM(score) AS s, window_start, window_end FROM (SELECT user, score,"
              + " window_start, window_end FROM "
              + HOURS
              + " WHERE team = 't1' UNION ALL SELECT user, 1, window_start, window_end FROM "
              + HOURS
              + " WHERE team = 't2') GROUP BY user, window_start, window_end",
          // The rows of a window themselves.
          "SELECT team, user, ts, score, window_start, window_end FROM "
              + HOURS
              + " WHERE score IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY team,"
              + " window_start, window_end ORDER BY score DESC, ts) = 1");

  /** Rows near to each other in time; there is one pane of each result. */
  private static final List<String> NEAR =
      List.of(
          near("JOIN", "b.ts BETWEEN a.ts - INTERVAL 10 MINUTE AND a.ts + INTERVAL 5 MINUTE"),
          near("LEFT JOIN", "b.ts BETWEEN a.ts - INTERVAL 10 MINUTE AND a.ts"),
          near("RIGHT JOIN", "a.ts >= b.ts AND a.ts < b.ts + INTERVAL 7 MINUTE"),
          near("FULL JOIN", "b.ts BETWEEN a.ts - INTERVAL 3 MINUTE AND a.ts + INTERVAL 9 MINUTE"),
          "SELECT a.user, a.ts, a.score FROM events AS a WHERE EXISTS (SELECT 1 FROM events AS b"
              + " WHERE a.user = b.user AND b.ts > a.ts AND b.ts < a.ts + INTERVAL 10 MINUTE)",
          "SELECT a.user, a.ts, a.score FROM events AS a WHERE NOT EXISTS (SELECT 1 FROM events AS"
              + " b WHERE a.user = b.user AND b.ts > a.ts AND b.ts < a.ts + INTERVAL 10 MINUTE)",
          "SELECT a.team, COUNT(*) AS n, SUM(b.score) AS s FROM events AS a JOIN events AS b"
              + " ON a.user = b.user AND b.ts BETWEEN a.ts - INTERVAL 10 MINUTE AND"
              + " a.ts + INTERVAL 5 MINUTE GROUP BY a.team, TUMBLE(a.ts, INTERVAL 20 MINUTE)",
          "SELECT a.team, COUNT(*) AS n, COUNT(b.ts) AS s FROM events AS a LEFT JOIN events AS b"
              + " ON a.user = b.user AND b.ts > a.ts AND b.ts <= a.ts + INTERVAL 10 MINUTE"
              + " GROUP BY a.team, TUMBLE(a.ts, INTERVAL 20 MINUTE)");

  private static String near(String join, String bounds) {
    return "SELECT a.user, a.ts, a.score, b.user AS other, b.ts AS seen, b.score AS their FROM"
        + " (SELECT * FROM events WHERE team IN ('t1', 't3')) AS a "
        + join
        + " (SELECT * FROM events WHERE team <> 't1') AS b ON a.user = b.user AND "
        + bounds;
  }

  private static String joined(String join) {
    return "SELECT COALESCE(a.user, b.user) AS who, a.s AS mine, b.n AS theirs,"
        + " COALESCE(a.window_start, b.window_start) AS window_start,"
        + " COALESCE(a.window_end, b.window_end) AS window_end"
        + " FROM (SELECT user, SUM(score) AS s, window_start, window_end FROM "
        + HOURS
        + " WHERE team = 't1' GROUP BY user, window_start, window_end) AS a "
        + join
        + " (SELECT user, COUNT(*) AS n, window_start, window_end FROM "
        + HOURS
        + " WHERE team <> 't1' GROUP BY user, window_start, window_end) AS b"
        + " ON a.user = b.user AND a.window_start = b.window_start"
        + " AND a.window_end = b.window_end";
  }

  private static Map<String, QueryPlan> plans() {
    Map<String, QueryPlan> plans = new LinkedHashMap<>();
    QueryPlan minutes =
        SqlQueries.compile(
            "minutes",
            "SELECT team, SUM(score) AS total FROM events GROUP BY team,"
                + " TUMBLE(ts, INTERVAL 10 MINUTE)",
            true);
    QueryPlan sessions =
        SqlQueries.compile(
            "sessions",
            "SELECT user, COUNT(*) AS n FROM events GROUP BY user, SESSION(ts, INTERVAL 5 MINUTE)",
            true);
    plans.put("minutes", minutes);
    plans.put("sessions", sessions);
    for (int i = 0; i < KEYED.size(); i++) {
      plans.put("q" + i, SqlQueries.compile("q" + i, KEYED.get(i), true, minutes, sessions));
    }
    return plans;
  }

  /** Streams the rows, some of them late, never more than the lateness behind. */
  private static Script stream(List<Tuple> events, int seed, int disorderMinutes, int ahead) {
    Random random = new Random(seed);
    List<Tuple> ordered = new ArrayList<>(events);
    Map<Tuple, Long> arrival = new java.util.HashMap<>();
    ordered.forEach(
        e ->
            arrival.put(
                e,
                number(e, SqlQueries.TIME)
                    + random.nextInt(Math.max(1, disorderMinutes * 60)) * 1_000_000L));
    ordered.sort(java.util.Comparator.comparing(arrival::get));
    Script script = new Script(SqlQueries.EVENTS, SqlQueries.TIME);
    long watermark = 0;
    int i = 0;
    while (i < ordered.size()) {
      int end = Math.min(ordered.size(), i + 10 + random.nextInt(25));
      List<Tuple> bundle = new ArrayList<>(ordered.subList(i, end));
      Collections.shuffle(bundle, random);
      script.rows(bundle.toArray(Tuple[]::new));
      i = end;
      if (random.nextBoolean()) {
        script.clock(Duration.ofSeconds(10));
      }
      long least = Long.MAX_VALUE;
      for (int j = i; j < ordered.size(); j++) {
        least = Math.min(least, number(ordered.get(j), SqlQueries.TIME) / MINUTE);
      }
      if (least < Long.MAX_VALUE && least + ahead > watermark) {
        watermark = least + ahead;
        script.watermark(watermark);
      }
    }
    return script;
  }

  private static void check(Windowing windowing, int seed, int disorder, int ahead) {
    check(List.copyOf(plans().values()), windowing, seed, disorder, ahead);
  }

  private static void check(
      List<QueryPlan> all, Windowing windowing, int seed, int disorder, int ahead) {
    Map<String, String> wrong = new TreeMap<>();
    // The runner's cost of an element grows with the graph.
    for (int i = 0; i < all.size(); i += 10) {
      check(all.subList(i, Math.min(all.size(), i + 10)), windowing, seed, disorder, ahead, wrong);
    }
    assertEquals(
        "",
        String.join(
            "\n", wrong.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList()));
  }

  private static void check(
      List<QueryPlan> plans,
      Windowing windowing,
      int seed,
      int disorder,
      int ahead,
      Map<String, String> wrong) {
    List<Tuple> events = SqlQueries.events(seed, 70, 3);
    List<Tuple> players = SqlQueries.players();
    Map<String, List<Tuple>> sources = Map.of("events", events, "players", players);
    List<QueryJob> jobs = plans.stream().map(plan -> TestPlans.job(plan, windowing)).toList();
    Runs run =
        Runs.of(
            jobs,
            false,
            MemorySource.of(
                "events", SqlQueries.EVENTS, stream(events, seed, disorder, ahead).end()),
            MemorySource.of("players", SqlQueries.PLAYERS, players));
    for (QueryJob job : jobs) {
      QueryPlan plan = job.plan();
      List<Tuple> expected = SqlQueries.expected(plan.plan(), sources);
      assertFalse(expected.isEmpty(), plan::name);
      assertEquals(0, run.counter("late_dropped:" + plan.name()), plan.name());
      assertEquals(List.of(), run.sinks.errors(plan.name()));
      int columns = plan.schema().size();
      List<Tuple> rows =
          plan.key().isEmpty()
              ? SqlQueries.sorted(
                  run.sinks.changes(plan.name()).stream()
                      .filter(c -> !c.withdrawn())
                      .map(c -> Tuple.of(Arrays.copyOf(c.row().values(), columns)))
                      .toList())
              : run.table(job);
      if (plan.key().isEmpty() && !plan.name().startsWith("near")) {
        // Rows of each pane: at least those of the last.
        rows = rows.stream().filter(expected::contains).distinct().toList();
        expected = expected.stream().distinct().toList();
      }
      if (!plan.key().isEmpty() && plan.window() != null) {
        run.newest(job).stream()
            .filter(c -> !c.withdrawn() && !Boolean.TRUE.equals(c.row().get(columns + 2)))
            .forEach(c -> wrong.put(plan.name() + " not final", c.row().toString()));
      }
      if (!expected.equals(rows)) {
        List<Tuple> missing = new ArrayList<>(expected);
        missing.removeAll(rows);
        List<Tuple> more = new ArrayList<>(rows);
        more.removeAll(expected);
        wrong.put(
            plan.name(), "key " + plan.key() + "\n  missing " + missing + "\n  too many " + more);
      }
    }
  }

  @Test
  @Tag("slow")
  void onePaneOfEachWindow() {
    check(windowing(Duration.ZERO, null, null), 3, 0, 0);
  }

  @Test
  void rowsNearToEachOther() {
    List<QueryPlan> plans = new ArrayList<>();
    for (int i = 0; i < NEAR.size(); i++) {
      plans.add(SqlQueries.compile("near" + i, NEAR.get(i), true));
    }
    check(plans, windowing(Duration.ofMinutes(30), null, null), 6, 20, 20);
  }

  /** Windows that pipelines.yaml names: a query without a window of its own is one of each. */
  @Test
  void windowsOfTheProject() {
    Map<String, WindowSpec> windows = new LinkedHashMap<>();
    windows.put("fixed", new WindowSpec.Tumble(60 * MINUTE, 0));
    windows.put("sliding", new WindowSpec.Hop(20 * MINUTE, 60 * MINUTE, 0));
    windows.put("sessions", new WindowSpec.Session(7 * MINUTE));
    List<QueryPlan> plans = new ArrayList<>();
    windows.forEach(
        (name, window) -> {
          plans.add(
              SqlQueries.compile(
                  name + "_sum",
                  "SELECT user, SUM(score) AS s, COUNT(DISTINCT team) AS t FROM events"
                      + " GROUP BY user HAVING COUNT(*) > 1",
                  window));
          if (!name.equals("sessions")) {
            plans.add(
                SqlQueries.compile(
                    name + "_join",
                    "SELECT a.user, a.n, b.s FROM (SELECT user, COUNT(*) AS n FROM events WHERE"
                        + " team = 't1' GROUP BY user) AS a LEFT JOIN (SELECT user, SUM(score) AS s"
                        + " FROM events WHERE team <> 't1' GROUP BY user) AS b ON a.user = b.user",
                    window));
            plans.add(
                SqlQueries.compile(
                    name + "_best",
                    "SELECT team, user, SUM(score) AS s FROM events GROUP BY team, user QUALIFY"
                        + " ROW_NUMBER() OVER (PARTITION BY team ORDER BY SUM(score) DESC, user)"
                        + " = 1",
                    window));
            plans.add(
                SqlQueries.compile(
                    name + "_first",
                    "SELECT user, COUNT(*) AS n FROM events GROUP BY user ORDER BY n DESC, user"
                        + " LIMIT 2",
                    window));
            plans.add(
                SqlQueries.compile(
                    name + "_except",
                    "SELECT user FROM events WHERE team = 't1' EXCEPT DISTINCT SELECT user FROM"
                        + " events WHERE team = 't2'",
                    window));
            plans.add(
                SqlQueries.compile(
                    name + "_twice",
                    "SELECT team, MAX(s) AS m, COUNT(*) AS n FROM (SELECT team, user, SUM(score) AS"
                        + " s FROM events GROUP BY team, user) GROUP BY team",
                    window));
          }
        });
    check(
        plans,
        windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null),
        8,
        20,
        20);
  }

  @Test
  void discardingPanesAddUp() {
    QueryPlan plan =
        SqlQueries.compile(
            "parts",
            "SELECT team, SUM(score) AS s, COUNT(*) AS n FROM events"
                + " GROUP BY team, HOP(ts, INTERVAL 30 MINUTE, INTERVAL 1 HOUR)",
            true);
    List<Tuple> events = SqlQueries.events(9, 70, 3);
    Windowing windowing =
        TestPlans.discarding(
            windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null));
    QueryJob job = new QueryJob(plan, windowing, /* upsert= */ false, true, TestPlans.PLACE);
    Runs run =
        Runs.of(
            List.of(job),
            false,
            MemorySource.of("events", SqlQueries.EVENTS, stream(events, 9, 20, 20).end()));
    Map<Tuple, Long> sums = new java.util.HashMap<>();
    Map<Tuple, Long> rows = new java.util.HashMap<>();
    run.sinks
        .changes("parts")
        .forEach(
            c -> {
              Tuple key = Tuple.of(c.row().get(0), c.row().get(3), c.row().get(4));
              sums.merge(key, c.row().get(1) instanceof Long s ? s : 0L, Long::sum);
              rows.merge(key, number(c.row(), 2), Long::sum);
              assertFalse(c.withdrawn() || number(c.row(), 2) == 0, c::toString);
            });
    Map<Tuple, Long> expectedSums = new java.util.HashMap<>();
    Map<Tuple, Long> expectedRows = new java.util.HashMap<>();
    for (Tuple row : SqlQueries.expected(plan.plan(), Map.of("events", events))) {
      Tuple key = Tuple.of(row.get(0), row.get(3), row.get(4));
      expectedSums.put(key, row.get(1) instanceof Long s ? s : 0L);
      expectedRows.put(key, number(row, 2));
    }
    assertEquals(expectedSums, sums);
    assertEquals(expectedRows, rows);
  }

  @Test
  void oneWindowForAllTime() {
    Windowing windowing =
        new Windowing(
            new Windowing.Global(TestPlans.PLACE),
            false,
            Duration.ofMinutes(1),
            new Windowing.Trigger(new Windowing.Every(Duration.ofSeconds(10)), null),
            Windowing.AccumulationMode.ACCUMULATING);
    List<QueryPlan> plans =
        List.of(
            SqlQueries.compile(
                "users",
                "SELECT user, MIN(ts) AS first, SUM(score) AS s FROM events GROUP BY user",
                new WindowSpec.Global()),
            SqlQueries.compile(
                "all_of_them",
                "SELECT COUNT(*) AS n, COUNT(DISTINCT user) AS users FROM events",
                new WindowSpec.Global()),
            SqlQueries.compile(
                "best",
                "SELECT user, SUM(score) AS s FROM events GROUP BY user ORDER BY s DESC, user"
                    + " LIMIT 3",
                new WindowSpec.Global()));
    check(plans, windowing, 7, 200, 20);
  }

  @Test
  void earlyAndLatePanes() {
    check(
        windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null),
        4,
        20,
        20);
  }

  @Test
  @Tag("slow")
  void panesByCount() {
    check(
        windowing(Duration.ofMinutes(30), new Windowing.AfterCount(3), new Windowing.AfterCount(2)),
        5,
        20,
        20);
  }
}
