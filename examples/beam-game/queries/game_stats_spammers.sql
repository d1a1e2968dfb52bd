WITH user_scores AS (
  SELECT user, SUM(score) AS score, window_start, window_end
  FROM TABLE(TUMBLE(TABLE game_actions, DESCRIPTOR(event_time), INTERVAL 1 HOUR))
  GROUP BY user, window_start, window_end
),
mean AS (
  SELECT AVG(score) AS score, window_start, window_end
  FROM user_scores
  GROUP BY window_start, window_end
)
SELECT u.user, u.score, m.score AS mean_score, u.window_start, u.window_end
FROM user_scores AS u
JOIN mean AS m ON m.window_start = u.window_start AND m.window_end = u.window_end
WHERE u.score > 2.5 * m.score
