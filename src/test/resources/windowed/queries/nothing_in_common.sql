SELECT user, COUNT(DISTINCT team) AS teams, COUNT(DISTINCT page) AS pages, window_start, window_end
FROM (
  SELECT user, team, CAST(NULL AS STRING) AS page, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 30 MINUTE))
  UNION ALL
  SELECT user, NULL, page, window_start, window_end
  FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 30 MINUTE))
)
GROUP BY user, window_start, window_end
