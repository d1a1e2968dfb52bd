SELECT user_id, COUNT(*) AS n FROM events GROUP BY user_id, TUMBLE(ts, INTERVAL 1 HOUR)
