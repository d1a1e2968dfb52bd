SELECT user, SUM(score) AS s, MAX(score) AS m FROM events WHERE score > 10 GROUP BY user, TUMBLE(ts, INTERVAL 1 HOUR) HAVING SUM(score) BETWEEN 100 AND 400
