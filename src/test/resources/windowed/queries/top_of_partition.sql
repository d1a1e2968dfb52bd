WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
)
SELECT team, user, s, window_start, window_end FROM per
QUALIFY ROW_NUMBER() OVER (PARTITION BY team, window_start, window_end ORDER BY s DESC, user) <= 2
