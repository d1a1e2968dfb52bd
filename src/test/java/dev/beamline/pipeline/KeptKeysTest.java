package dev.beamline.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.plan.KeptKeys;
import dev.beamline.plan.QueryPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which results only ever replace their rows. */
class KeptKeysTest {

  private static final String HOURLY = " FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)";

  private static boolean kept(String sql) {
    return KeptKeys.of(SqlQueries.compile("q", sql, true).plan());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
        "SELECT team, SUM(score) / COUNT(*) AS n FROM events WHERE score > 3 AND team != 'a'"
            + " GROUP BY team, HOP(ts, INTERVAL 1 HOUR, INTERVAL 2 HOUR)",
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)"
            + " HAVING team != 'a'",
        "SELECT p.country, COUNT(*) AS n FROM events AS e JOIN players AS p ON e.user = p.user"
            + " GROUP BY p.country, TUMBLE(e.ts, INTERVAL 1 HOUR)",
        "SELECT tag, COUNT(*) AS n FROM events, UNNEST(tags) AS tag"
            + " GROUP BY tag, TUMBLE(ts, INTERVAL 1 HOUR)",
        "SELECT user, COUNT(*) AS n FROM events GROUP BY user, SESSION(ts, INTERVAL 5 MINUTE)",
        "SELECT user, COUNT(*) AS n, window_start, window_end FROM TABLE(SESSION(TABLE events"
            + " PARTITION BY user, DESCRIPTOR(ts), INTERVAL 5 MINUTE))"
            + " GROUP BY user, window_start, window_end",
      })
  void groupsStay(String sql) {
    assertEquals(true, kept(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)"
            + " HAVING COUNT(*) < 10",
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)"
            + " ORDER BY n DESC LIMIT 3",
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)"
            + " QUALIFY ROW_NUMBER() OVER (PARTITION BY window_start ORDER BY n DESC) <= 3",
        "SELECT * FROM (SELECT team, COUNT(*) AS n FROM events"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)) WHERE n < 10",
        "SELECT n, COUNT(*) AS teams FROM (SELECT team, COUNT(*) AS n, window_start, window_end"
            + " FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR))"
            + " GROUP BY n, window_start, window_end",
        "SELECT a.team, a.n FROM (SELECT team, COUNT(*) AS n, window_start FROM events"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)) AS a JOIN players AS p"
            + " ON a.team = p.user AND a.n = p.level",
        "SELECT user, COUNT(*) AS n, window_start, window_end FROM TABLE(SESSION(TABLE events"
            + " PARTITION BY user, DESCRIPTOR(ts), INTERVAL 5 MINUTE))"
            + " WHERE TIMESTAMP_DIFF(window_end, window_start, MINUTE) < 10"
            + " GROUP BY user, window_start, window_end",
        "SELECT COUNT(*) AS n, window_start, window_end FROM TABLE(SESSION(TABLE events"
            + " PARTITION BY user, DESCRIPTOR(ts), INTERVAL 5 MINUTE))"
            + " GROUP BY window_start, window_end",
      })
  void otherRowsMayGo(String sql) {
    assertEquals(false, kept(sql));
  }

  @Test
  void oneEndOfAWindowOfOneLengthTellsTheOther() {
    QueryPlan hours =
        SqlQueries.compile(
            "q", "SELECT team, COUNT(*) AS n, window_start, window_end" + HOURLY, true);
    assertEquals(true, hours.tellsApart(List.of(0, 2)));
    assertEquals(true, hours.tellsApart(List.of(0, 3)));
    assertEquals(false, hours.tellsApart(List.of(0)));
    assertEquals(false, hours.tellsApart(List.of(2, 3)));
    QueryPlan sessions =
        SqlQueries.compile(
            "q",
            "SELECT team, COUNT(*) AS n, window_start, window_end FROM events"
                + " GROUP BY team, SESSION(ts, INTERVAL 5 MINUTE)",
            true);
    assertEquals(false, sessions.tellsApart(List.of(0, 2)));
    assertEquals(true, sessions.tellsApart(List.of(0, 2, 3)));
  }
}
