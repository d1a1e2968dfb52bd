package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Queries over one source share what they compute of a row, and the groups that they find for it.
 * Each has the rows and the errors that it has alone.
 */
final class SharedWorkTest {

  private static final String HOUR =
      " FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) WHERE ";
  private static final String GROUP = " GROUP BY team, window_start, window_end";

  private static final List<String> QUERIES =
      List.of(
          "SELECT team, SUM(score) AS n" + HOUR + "score > 20" + GROUP,
          "SELECT team, SUM(score + 1) AS n, COUNT(*) AS rows_" + HOUR + "score > 20" + GROUP,
          "SELECT team, MAX(price) AS n" + HOUR + "score > 20 AND ratio < 50" + GROUP,
          "SELECT team, COUNT(DISTINCT user) AS n" + HOUR + "ratio < 50" + GROUP,
          "SELECT team, ARRAY_AGG(user ORDER BY ts LIMIT 5) AS n"
              + HOUR
              + "user IS NOT NULL"
              + GROUP,
          // Keys and windows of their own.
          "SELECT user, SUM(score) AS n"
              + HOUR
              + "score > 20 GROUP BY user, window_start, window_end",
          "SELECT team, SUM(score) AS n FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 2"
              + " HOUR)) WHERE score > 20"
              + GROUP,
          "SELECT team, SUM(score) AS n FROM events WHERE score > 20 GROUP BY team",
          "SELECT team, user, GROUPING(team) AS g, SUM(score) AS n FROM events WHERE score > 20"
              + " GROUP BY ROLLUP(team, user)",
          "SELECT user, score FROM events WHERE score > 90",
          // The same failing conditions and arguments in several queries, at places of their own.
          "SELECT team, COUNT(*) AS n" + HOUR + "100 / (score - 7) > 0" + GROUP,
          "SELECT team, COUNT(*) AS n, SUM(1) AS m" + HOUR + "100 / (score - 7) > 0" + GROUP,
          "SELECT team, SUM(100 / (score - 7)) AS n" + HOUR + "score > 5" + GROUP,
          "SELECT team, SUM(IF(score = 7, 0, 100 / (score - 7))) AS n" + HOUR + "score > 5" + GROUP,
          "SELECT user, 100 / (score - 7) AS n FROM events WHERE score < 20");

  private static QueryJob job(int i) {
    return TestPlans.job(
        SqlQueries.compile("q" + i, QUERIES.get(i), false), windowing(Duration.ZERO, null, null));
  }

  private static Runs run(List<QueryJob> jobs, List<Tuple> events, boolean checks) {
    return Runs.of(jobs, checks, MemorySource.of("events", SqlQueries.EVENTS, events));
  }

  /** Where and why rows failed. The rest of an error shows what columns any query reads. */
  private static List<String> errors(Runs run, String query) {
    return run.sinks.errors(query).stream().map(ErrorRecord::message).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void togetherAsAlone(boolean checks) {
    List<Tuple> events = SqlQueries.events(11, 1500, 6);
    List<QueryJob> jobs = new ArrayList<>();
    for (int i = 0; i < QUERIES.size(); i++) {
      jobs.add(job(i));
    }
    Runs together = run(jobs, events, checks);
    int failed = 0;
    for (int i = 0; i < QUERIES.size(); i++) {
      String name = "q" + i;
      Runs alone = run(List.of(job(i)), events, checks);
      assertTrue(!alone.rows(name).isEmpty(), QUERIES.get(i));
      assertEquals(alone.rows(name), together.rows(name), QUERIES.get(i));
      assertEquals(errors(alone, name), errors(together, name), QUERIES.get(i));
      failed += errors(alone, name).size();
    }
    assertTrue(failed > 20, "some rows fail: " + failed);
  }
}
