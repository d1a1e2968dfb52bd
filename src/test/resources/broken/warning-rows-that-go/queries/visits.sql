SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer, SESSION(ts, INTERVAL 5 MINUTE)
