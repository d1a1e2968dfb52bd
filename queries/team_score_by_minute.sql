SELECT team, SUM(score) AS total
FROM game_events
WHERE score > 0
GROUP BY team, TUMBLE(event_time, INTERVAL 1 MINUTE)
