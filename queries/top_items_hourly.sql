-- The five items that sell most in each hour.
SELECT
  TUMBLE_START(event_time, INTERVAL 1 HOUR) AS hour,
  item.id AS item,
  SUM(item.quantity) AS sold,
  SUM(item.quantity * item.price) AS revenue
FROM game_events
WHERE type = 'purchase'
GROUP BY item.id, TUMBLE(event_time, INTERVAL 1 HOUR)
QUALIFY ROW_NUMBER() OVER (PARTITION BY hour ORDER BY sold DESC, item) <= 5
