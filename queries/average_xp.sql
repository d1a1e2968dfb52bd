-- Experience of an average player, day by day: the mean over players, not over events.
WITH xp_by_player AS (
  SELECT user_id, SUM(xp) AS xp, window_start, window_end
  FROM TABLE(TUMBLE(TABLE game_events, DESCRIPTOR(event_time), INTERVAL 1 DAY))
  WHERE xp IS NOT NULL
  GROUP BY user_id, window_start, window_end
)
SELECT
  DATE(window_start) AS day,
  COUNT(*) AS players,
  AVG(xp) AS average_xp,
  MAX(xp) AS best_xp
FROM xp_by_player
GROUP BY window_start, window_end
