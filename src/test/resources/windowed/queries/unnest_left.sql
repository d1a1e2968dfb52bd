SELECT tag, COUNT(*) AS n, COUNT(tag) AS tags FROM events AS e LEFT JOIN UNNEST(e.tags) AS tag GROUP BY tag, TUMBLE(e.ts, INTERVAL 1 HOUR)
