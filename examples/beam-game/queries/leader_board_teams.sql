-- The window is in pipelines.yaml, with the panes.
SELECT team, SUM(score) AS total_score
FROM game_actions
GROUP BY team
