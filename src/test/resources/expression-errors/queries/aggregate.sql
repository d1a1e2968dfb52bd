SELECT window_start, window_end, k, SUM(DIV(10, q)) s
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
GROUP BY window_start, window_end, k
