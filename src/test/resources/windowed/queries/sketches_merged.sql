SELECT HLL_COUNT.MERGE(users) AS users, SUM(n) AS n
FROM sketches_by_minute
GROUP BY TUMBLE(window_start, INTERVAL 1 HOUR)
