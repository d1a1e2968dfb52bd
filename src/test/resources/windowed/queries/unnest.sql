SELECT tag, COUNT(*) AS n, SUM(score) AS s FROM events AS e CROSS JOIN UNNEST(e.tags) AS tag GROUP BY tag, TUMBLE(e.ts, INTERVAL 1 HOUR)
