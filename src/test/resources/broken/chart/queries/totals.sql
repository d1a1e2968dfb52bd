SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(happened, INTERVAL 1 HOUR)
