WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
)
SELECT team, user, s,
  SUM(s) OVER (PARTITION BY window_start, window_end, team ORDER BY user ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS run,
  LAG(s) OVER (PARTITION BY window_start, window_end, team ORDER BY user) AS prev,
  FIRST_VALUE(user) OVER (PARTITION BY window_start, window_end, team ORDER BY s DESC, user) AS best,
  window_start, window_end
FROM per
