SELECT hour AS window_start, item, sold, revenue
FROM (
  SELECT date_trunc('hour', event_time) AS hour, item_id AS item, sum(item_quantity)::BIGINT AS sold,
    sum(item_quantity * item_price) AS revenue
  FROM game_events WHERE type = 'purchase' GROUP BY ALL)
QUALIFY row_number() OVER (PARTITION BY hour ORDER BY sold DESC, item) <= 5
