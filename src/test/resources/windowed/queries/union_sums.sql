SELECT user, SUM(score) AS s, window_start, window_end FROM (
  SELECT user, score, window_start, window_end FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) WHERE team = 't1'
  UNION ALL
  SELECT user, took, window_start, window_end FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 1 HOUR))
)
GROUP BY user, window_start, window_end
