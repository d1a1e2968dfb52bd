SELECT team, COUNT(*) AS n FROM events WHERE user IN (SELECT user FROM players WHERE level > 2) GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)
