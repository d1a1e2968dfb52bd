SELECT user_id, team, SUM(score) AS total
FROM events
GROUP BY user_id, TUMBLE(ts, INTERVAL 1 HOUR)
HAVING won
