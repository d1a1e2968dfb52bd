SELECT e.window_start, e.window_end, e.id, o.id oid
FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL 1 HOUR)) e
JOIN TABLE(TUMBLE(TABLE ot, DESCRIPTOR(ts), INTERVAL 1 HOUR)) o ON e.window_start = o.window_start AND e.window_end = o.window_end AND e.id = o.id AND 10 / o.r > e.q
