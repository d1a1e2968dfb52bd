SELECT team, SUM(score) AS total_score
FROM game_actions
WHERE event_time >= @start AND event_time < @stop
GROUP BY team, TUMBLE(event_time, INTERVAL 1 HOUR)
