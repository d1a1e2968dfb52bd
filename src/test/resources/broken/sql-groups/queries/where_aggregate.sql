SELECT user_id FROM events WHERE SUM(score) > 5 GROUP BY user_id, TUMBLE(ts, INTERVAL 1 HOUR)
