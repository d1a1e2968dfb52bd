SELECT window_start, window_end, ARRAY_AGG(id ORDER BY 10 / q) n
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
GROUP BY window_start, window_end
