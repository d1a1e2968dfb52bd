SELECT window_start, window_end, APPROX_TOP_SUM(k, -q, 2) n
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
GROUP BY window_start, window_end
