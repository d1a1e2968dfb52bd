SELECT user_id, COUNT(*) AS n
FROM events JOIN players ON events.team = players.team
GROUP BY user_id, TUMBLE(ts, INTERVAL 1 HOUR)
