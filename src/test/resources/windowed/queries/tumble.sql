SELECT team, SUM(score) AS total, COUNT(*) AS n, COUNT(score) AS scores, AVG(score) AS mean, MIN(price) AS least, MAX(ts) AS newest FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)
