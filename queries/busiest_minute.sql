-- A query over another query: the best minute of each team in each hour.
SELECT
  team,
  MAX(total) AS best_minute,
  MAX_BY(window_start, total) AS best_at,
  SUM(total) AS total
FROM team_score_by_minute
GROUP BY team, TUMBLE(window_start, INTERVAL 1 HOUR)
