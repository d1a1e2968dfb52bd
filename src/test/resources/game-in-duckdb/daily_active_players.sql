SELECT date_trunc('day', event_time) AS window_start, count(DISTINCT user_id) AS players,
  count(DISTINCT user_id) FILTER (type = 'purchase') AS buyers, count(*) AS events
FROM game_events
GROUP BY ALL
