SELECT e.user, e.window_start, e.window_end,
  (SELECT COUNT(*) FROM (
    SELECT v.page FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 1 HOUR)) AS v
    WHERE v.window_start = e.window_start AND v.window_end = e.window_end AND v.user = e.user
    UNION DISTINCT
    SELECT p.country FROM players AS p WHERE p.user = e.user)) AS n
FROM (
  SELECT DISTINCT user, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))) AS e
