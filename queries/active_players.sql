-- Unique players of the last hour, every ten minutes.
SELECT
  team,
  COUNT(DISTINCT user_id) AS players,
  APPROX_COUNT_DISTINCT(user_id) AS players_approximately
FROM TABLE(HOP(TABLE game_events, DESCRIPTOR(event_time), INTERVAL 10 MINUTE, INTERVAL 1 HOUR))
GROUP BY team, window_start, window_end
