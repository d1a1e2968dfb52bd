-- How many users of an hour have the same sum: a user's row moves between the partitions.
SELECT user, s, COUNT(*) OVER (PARTITION BY window_start, window_end, MOD(s, 3)) AS alike, window_start, window_end
FROM (
  SELECT user, SUM(score) AS s, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY user, window_start, window_end
)
