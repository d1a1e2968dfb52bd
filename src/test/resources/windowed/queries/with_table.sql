SELECT country, SUM(score) AS s, COUNT(*) AS n FROM events AS e LEFT JOIN players AS p ON e.user = p.user GROUP BY country, TUMBLE(e.ts, INTERVAL 1 HOUR)
