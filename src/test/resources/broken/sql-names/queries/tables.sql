SELECT user_id, COUNT(*) AS n
FROM event
GROUP BY user_id, TUMBLE(ts, INTERVAL 1 HOUR)
