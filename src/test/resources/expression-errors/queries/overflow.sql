SELECT window_start, window_end, SUM(q + 9223372036854775800) s
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
GROUP BY window_start, window_end
