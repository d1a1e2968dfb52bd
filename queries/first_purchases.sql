SELECT
  user_id,
  MIN(event_time) AS bought_at,
  MIN_BY(item.id, event_time) AS item,
  COUNT(*) AS purchases,
  SUM(item.price * item.quantity) AS spent
FROM game_events
WHERE type = 'purchase'
GROUP BY user_id
