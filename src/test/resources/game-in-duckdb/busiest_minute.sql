SELECT date_trunc('hour', minute) AS window_start, team, max(total) AS best_minute, sum(total)::BIGINT AS total
FROM (
  SELECT date_trunc('minute', event_time) AS minute, team, sum(score)::BIGINT AS total
  FROM game_events WHERE score > 0 GROUP BY ALL)
GROUP BY ALL
