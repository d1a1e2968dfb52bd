SELECT
  team,
  SUM(score) AS total,
  COUNT(DISTINCT user_id) AS players
FROM game_events
WHERE score IS NOT NULL
GROUP BY team, TUMBLE(event_time, INTERVAL 1 HOUR)
