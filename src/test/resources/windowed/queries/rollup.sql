SELECT team, user, SUM(score) AS s, MIN(ratio) AS r, window_start, window_end
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
GROUP BY GROUPING SETS ((window_start, window_end), (window_start, window_end, team), (window_start, window_end, user))
