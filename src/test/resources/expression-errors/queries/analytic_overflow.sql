SELECT window_start, window_end, id, SUM(q + 9223372036854775800) OVER (PARTITION BY window_start, window_end) s
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
