WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
)
SELECT team, user, s, RANK() OVER (PARTITION BY window_start, window_end ORDER BY s DESC, team, user) AS place, window_start, window_end FROM per
QUALIFY place <= 4
