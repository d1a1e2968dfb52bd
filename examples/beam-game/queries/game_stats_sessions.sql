WITH sessions AS (
  SELECT
    user,
    TIMESTAMP_DIFF(
      SESSION_END(event_time, INTERVAL 5 MINUTE),
      SESSION_START(event_time, INTERVAL 5 MINUTE),
      SECOND) / 60 AS minutes,
    SESSION_END(event_time, INTERVAL 5 MINUTE) AS ended
  FROM game_actions
  GROUP BY user, SESSION(event_time, INTERVAL 5 MINUTE)
)
SELECT AVG(minutes) AS mean_minutes, COUNT(*) AS sessions
FROM sessions
GROUP BY TUMBLE(ended, INTERVAL 30 MINUTE)
