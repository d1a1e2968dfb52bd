WITH income AS (
  SELECT date_trunc('hour', event_time) AS w, user_id, sum(coins)::BIGINT AS coins, count(*) AS sales
  FROM game_events WHERE type = 'sale' GROUP BY ALL
)
SELECT w AS window_start, user_id, i.coins, sales, round(i.coins / m.coins, 1) AS times_the_mean
FROM income AS i
JOIN (SELECT w, avg(coins) AS coins, count(*) AS players FROM income GROUP BY w) AS m USING (w)
WHERE i.coins > 2.5 * m.coins AND i.coins > 5000 AND players > 2
