SELECT window_start, window_end, SUM(DIV(10, x)) y
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR)), UNNEST(xs) x
GROUP BY window_start, window_end
