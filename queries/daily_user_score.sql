-- Players of the day: the score of each user in each day.
SELECT
  user_id,
  ANY_VALUE(team) AS team,
  SUM(score) AS total,
  MAX(score) AS best
FROM game_events
WHERE score > 0
GROUP BY user_id, TUMBLE(event_time, INTERVAL 1 DAY)
HAVING SUM(score) >= 10
