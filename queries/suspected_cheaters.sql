-- No human sells loot this fast: coins of a player in an hour against the mean of all players.
WITH income AS (
  SELECT user_id, SUM(coins) AS coins, COUNT(*) AS sales, window_start, window_end
  FROM TABLE(TUMBLE(TABLE game_events, DESCRIPTOR(event_time), INTERVAL 1 HOUR))
  WHERE type = 'sale'
  GROUP BY user_id, window_start, window_end
),
mean AS (
  SELECT AVG(coins) AS coins, COUNT(*) AS players, window_start, window_end
  FROM income
  GROUP BY window_start, window_end
)
SELECT
  i.user_id,
  i.coins,
  i.sales,
  ROUND(i.coins / m.coins, 1) AS times_the_mean,
  i.window_start,
  i.window_end
FROM income AS i
JOIN mean AS m ON m.window_start = i.window_start AND m.window_end = i.window_end
WHERE i.coins > 2.5 * m.coins AND i.coins > 5000 AND m.players > 2
