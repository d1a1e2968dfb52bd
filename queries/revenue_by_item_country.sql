-- What is sold where: purchases joined with the players' table.
SELECT
  IFNULL(p.country, '(unknown)') AS country,
  e.item.category,
  SUM(e.item.quantity) AS sold,
  SUM(e.item.quantity * e.item.price) AS revenue
FROM game_events AS e
LEFT JOIN players AS p ON p.user_id = e.user_id
WHERE e.type = 'purchase'
GROUP BY country, e.item.category, TUMBLE(e.event_time, INTERVAL 1 DAY)
