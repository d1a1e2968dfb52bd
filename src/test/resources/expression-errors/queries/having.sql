SELECT window_start, window_end, id, SUM(q) s
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR))
GROUP BY window_start, window_end, id
HAVING 10 / SUM(q) > 0
