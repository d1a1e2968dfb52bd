SELECT user, SUM(score) AS total FROM events GROUP BY user
