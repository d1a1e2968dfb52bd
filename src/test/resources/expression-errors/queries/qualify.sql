SELECT window_start, window_end, id
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
QUALIFY 10 / LAG(q) OVER (PARTITION BY window_start, window_end ORDER BY id) > 0
