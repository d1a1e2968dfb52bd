-- Reads the query of spammers: whoever is in it in a window counts for no team in that window.
WITH scores AS (
  SELECT user, team, SUM(score) AS score, window_start, window_end
  FROM TABLE(TUMBLE(TABLE game_actions, DESCRIPTOR(event_time), INTERVAL 1 HOUR))
  GROUP BY user, team, window_start, window_end
)
SELECT s.team, SUM(s.score) AS total_score, s.window_start, s.window_end
FROM scores AS s
LEFT JOIN game_stats_spammers AS spammer
  ON spammer.user = s.user
  AND spammer.window_start = s.window_start
  AND spammer.window_end = s.window_end
WHERE spammer.user IS NULL
GROUP BY s.team, s.window_start, s.window_end
