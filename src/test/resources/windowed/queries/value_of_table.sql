SELECT team, COUNT(*) AS n FROM events WHERE score > (SELECT MAX(level) FROM players) GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)
