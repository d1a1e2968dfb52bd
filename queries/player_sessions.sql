-- A session ends when a player does nothing for half an hour.
SELECT
  user_id,
  SESSION_START(event_time, INTERVAL 30 MINUTE) AS began,
  SESSION_END(event_time, INTERVAL 30 MINUTE) AS ended,
  COUNT(*) AS actions,
  TIMESTAMP_DIFF(MAX(event_time), MIN(event_time), SECOND) AS seconds_played,
  MAX(device.os) AS os
FROM game_events
GROUP BY user_id, SESSION(event_time, INTERVAL 30 MINUTE)
