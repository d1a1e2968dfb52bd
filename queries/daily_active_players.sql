-- Unique players of a day, and how many of them bought something.
SELECT
  COUNT(DISTINCT user_id) AS players,
  COUNT(DISTINCT IF(type = 'purchase', user_id, NULL)) AS buyers,
  COUNT(*) AS events
FROM game_events
GROUP BY TUMBLE(event_time, INTERVAL 1 DAY)
