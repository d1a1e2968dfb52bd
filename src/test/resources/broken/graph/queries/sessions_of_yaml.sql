SELECT team, COUNT(*) AS n FROM events GROUP BY team
