SELECT team, COUNT(DISTINCT user) AS users, window_start, window_end FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 7 MINUTE, INTERVAL 20 MINUTE)) GROUP BY team, window_start, window_end
