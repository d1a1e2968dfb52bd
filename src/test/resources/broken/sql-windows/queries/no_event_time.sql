SELECT team, COUNT(*) AS n
FROM players
GROUP BY team, TUMBLE(since, INTERVAL 1 HOUR)
