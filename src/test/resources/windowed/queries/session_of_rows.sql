-- The longest sessions of each hour.
WITH s AS (
  SELECT user, COUNT(*) AS n, SESSION_START(ts, INTERVAL 3 MINUTE) AS began, SESSION_END(ts, INTERVAL 3 MINUTE) AS ended
  FROM events
  GROUP BY user, SESSION(ts, INTERVAL 3 MINUTE)
)
SELECT user, MAX(n) AS longest, MAX(TIMESTAMP_DIFF(ended, began, SECOND)) AS seconds
FROM s
GROUP BY user, TUMBLE(ended, INTERVAL 1 HOUR)
