SELECT customer, SUM(amount) AS n FROM orders GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR) ORDER BY n DESC LIMIT 3
