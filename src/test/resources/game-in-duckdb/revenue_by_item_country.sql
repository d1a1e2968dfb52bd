SELECT date_trunc('day', event_time) AS window_start, coalesce(p.country, '(unknown)') AS country, item_category AS category,
  sum(item_quantity)::BIGINT AS sold, sum(item_quantity * item_price) AS revenue
FROM game_events AS e
LEFT JOIN players AS p USING (user_id)
WHERE type = 'purchase'
GROUP BY ALL
