SELECT COALESCE(a.user, b.user) AS who, a.s AS mine, b.n AS theirs, COALESCE(a.window_start, b.window_start) AS window_start, COALESCE(a.window_end, b.window_end) AS window_end
FROM (SELECT user, SUM(score) AS s, window_start, window_end FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) WHERE team = 't1' GROUP BY user, window_start, window_end) AS a
RIGHT JOIN (SELECT user, COUNT(*) AS n, window_start, window_end FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 1 HOUR)) GROUP BY user, window_start, window_end) AS b
  ON a.user = b.user AND a.window_start = b.window_start AND a.window_end = b.window_end
