SELECT team, MAX(total) AS best, window_start, window_end FROM TABLE(HOP(TABLE minutes, DESCRIPTOR(window_end), INTERVAL 20 MINUTE, INTERVAL 1 HOUR)) GROUP BY team, window_start, window_end
