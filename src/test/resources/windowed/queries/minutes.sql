SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 MINUTE)
