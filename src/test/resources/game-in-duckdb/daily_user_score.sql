SELECT date_trunc('day', event_time) AS window_start, user_id, sum(score)::BIGINT AS total, max(score) AS best
FROM game_events
WHERE score > 0
GROUP BY ALL
HAVING sum(score) >= 10
