SELECT e.user, COUNT(v.page) AS pages, e.window_start, e.window_end
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) AS e
LEFT JOIN TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 1 HOUR)) AS v
  ON v.window_start = e.window_start AND v.window_end = e.window_end AND v.user = e.user
    AND v.user IN (SELECT user FROM players WHERE level > 1)
GROUP BY e.user, e.window_start, e.window_end
