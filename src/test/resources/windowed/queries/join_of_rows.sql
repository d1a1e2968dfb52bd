SELECT e.team, COUNT(*) AS pairs, SUM(v.took) AS took, e.window_start, e.window_end
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) AS e
JOIN TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 1 HOUR)) AS v
  ON e.user = v.user AND e.window_start = v.window_start AND e.window_end = v.window_end AND e.score > 40
GROUP BY e.team, e.window_start, e.window_end
