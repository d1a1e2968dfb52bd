SELECT team, SUM(score) AS total FROM events GROUP BY team
