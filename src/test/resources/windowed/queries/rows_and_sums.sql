SELECT window_start, window_end, user, score AS n FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
UNION ALL
SELECT window_start, window_end, user, COUNT(*) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) GROUP BY window_start, window_end, user
