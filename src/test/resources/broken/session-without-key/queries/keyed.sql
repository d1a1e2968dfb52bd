SELECT user_id, COUNT(*) AS n FROM TABLE(SESSION(TABLE events PARTITION BY user_id, DESCRIPTOR(ts), INTERVAL 5 MINUTE)) WHERE score > 0 GROUP BY user_id, window_start, window_end
