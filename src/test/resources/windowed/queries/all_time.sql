SELECT user, MIN(ts) AS first, SUM(score) AS total FROM events GROUP BY user
