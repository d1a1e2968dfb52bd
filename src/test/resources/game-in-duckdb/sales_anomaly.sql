WITH hours AS (
  SELECT date_trunc('hour', event_time) AS h, count(*) AS n FROM game_events WHERE type = 'purchase' GROUP BY h
),
windows AS (SELECT h - INTERVAL 1 HOUR AS w FROM hours UNION SELECT h FROM hours)
SELECT w AS window_start, w + INTERVAL 1 HOUR AS hour, coalesce(b.n, 0) AS purchases, coalesce(a.n, 0) AS purchases_before,
  coalesce(b.n, 0) / a.n AS ratio
FROM windows
LEFT JOIN hours AS a ON a.h = w
LEFT JOIN hours AS b ON b.h = w + INTERVAL 1 HOUR
