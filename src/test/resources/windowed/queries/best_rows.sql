SELECT team, user, ts, score, window_start, window_end FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
WHERE score IS NOT NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY team, window_start, window_end ORDER BY score DESC, ts, user) = 1
