SELECT COUNT(*) AS n, SUM(score) AS total FROM events
