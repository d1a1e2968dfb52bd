SELECT user, SUM(score) AS total_score
FROM game_actions
GROUP BY user
