WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
)
SELECT team, SUM(s) AS total, COUNT(*) AS users, AVG(s) AS a, window_start, window_end FROM per GROUP BY team, window_start, window_end
