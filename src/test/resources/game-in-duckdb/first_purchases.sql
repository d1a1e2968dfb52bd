SELECT user_id, min(event_time) AS bought_at, count(*) AS purchases,
  sum(item_price * item_quantity) AS spent
FROM game_events
WHERE type = 'purchase'
GROUP BY ALL
