SELECT user_id, began, max(event_time) + INTERVAL 30 MINUTE AS ended, count(*) AS actions,
  (epoch_us(max(event_time)) - epoch_us(min(event_time))) // 1000000 AS seconds_played,
  max(os) AS os
FROM (
  SELECT *, min(event_time) OVER (PARTITION BY user_id, session) AS began
  FROM (
    SELECT *, sum(opens) OVER (PARTITION BY user_id ORDER BY event_time ROWS UNBOUNDED PRECEDING) AS session
    FROM (
      SELECT *,
        CASE WHEN event_time < lag(event_time) OVER (PARTITION BY user_id ORDER BY event_time) + INTERVAL 30 MINUTE
          THEN 0 ELSE 1 END AS opens
      FROM game_events)))
GROUP BY user_id, began
