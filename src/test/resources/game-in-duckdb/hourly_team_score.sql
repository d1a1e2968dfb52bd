SELECT date_trunc('hour', event_time) AS window_start, team, sum(score)::BIGINT AS total, count(DISTINCT user_id) AS players
FROM game_events
WHERE score IS NOT NULL
GROUP BY ALL
