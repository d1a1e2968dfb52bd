SELECT w AS window_start, count(*) AS players, count(*) FILTER (bought) AS buyers,
  round(100 * count(*) FILTER (bought) / count(*), 2) AS conversion_percent
FROM (
  SELECT date_trunc('day', event_time) AS w, user_id, bool_or(type = 'purchase') AS bought FROM game_events GROUP BY ALL)
GROUP BY w
