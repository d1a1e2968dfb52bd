WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
),
mean AS (
  SELECT AVG(s) AS s, window_start, window_end FROM per GROUP BY window_start, window_end
)
SELECT p.team, p.user, p.s, p.window_start, p.window_end
FROM per AS p
JOIN mean AS m ON p.window_start = m.window_start AND p.window_end = m.window_end
WHERE p.s > 1.3 * m.s
