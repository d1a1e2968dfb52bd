-- A user's row is joined by a sum: as the sum grows, the row moves from one group to another.
WITH per AS (
  SELECT user, SUM(score) AS s, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY user, window_start, window_end
)
SELECT a.user, a.s, b.most, a.window_start, a.window_end
FROM per AS a
JOIN (SELECT window_start, window_end, MAX(s) AS most FROM per GROUP BY window_start, window_end) AS b
  ON a.window_start = b.window_start AND a.window_end = b.window_end AND a.s = b.most
