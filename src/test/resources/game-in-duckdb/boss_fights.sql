SELECT date_trunc('day', event_time) AS window_start, boss, count(*) AS fights, count(*) FILTER (won) AS wins,
  round(100 * count(*) FILTER (won) / count(*), 1) AS win_percent,
  avg(duration_ms) FILTER (won) / 1000 AS seconds_to_win
FROM game_events
WHERE type = 'boss_fight'
GROUP BY ALL
