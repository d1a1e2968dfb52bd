SELECT date_trunc('minute', event_time) AS window_start, team, sum(score)::BIGINT AS total
FROM game_events
WHERE score > 0
GROUP BY ALL
