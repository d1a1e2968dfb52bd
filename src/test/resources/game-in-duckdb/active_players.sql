SELECT w AS window_start, w + INTERVAL 1 HOUR AS window_end, team, count(DISTINCT user_id) AS players
FROM game_events, unnest(range(6)) AS t(i), LATERAL (SELECT time_bucket(INTERVAL 10 MINUTE, event_time) - i * INTERVAL 10 MINUTE AS w)
GROUP BY ALL
