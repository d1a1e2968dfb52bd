-- Every tag of every scored action.
SELECT tag, COUNT(*) AS actions, SUM(score) AS score
FROM game_events
CROSS JOIN UNNEST(tags) AS tag
GROUP BY tag, TUMBLE(event_time, INTERVAL 1 DAY)
