SELECT team, SUM(score) AS s, window_start, window_end
FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 10 MINUTE, INTERVAL 30 MINUTE))
GROUP BY team, window_start, window_end
QUALIFY ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY s DESC, team) = 1
