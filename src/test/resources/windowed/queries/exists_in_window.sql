WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
)
SELECT a.team, a.user, a.s, a.window_start, a.window_end FROM per AS a
WHERE NOT EXISTS (SELECT 1 FROM per AS b WHERE b.team = a.team AND b.s > a.s AND b.window_start = a.window_start AND b.window_end = a.window_end)
