SELECT COUNT(*) AS sessions, SUM(n) AS n, window_start, window_end FROM TABLE(TUMBLE(TABLE sessions, DESCRIPTOR(window_end), INTERVAL 1 HOUR)) GROUP BY window_start, window_end
