-- How often each boss is beaten, day by day.
SELECT
  boss,
  COUNT(*) AS fights,
  COUNTIF(won) AS wins,
  ROUND(100 * SAFE_DIVIDE(COUNTIF(won), COUNT(*)), 1) AS win_percent,
  AVG(duration_ms) FILTER (WHERE won) / 1000 AS seconds_to_win
FROM game_events
WHERE type = 'boss_fight'
GROUP BY boss, TUMBLE(event_time, INTERVAL 1 DAY)
