-- The three categories that earned most in each hour.
SELECT
  p.category,
  SUM(o.quantity * o.price) AS revenue
FROM orders AS o
JOIN products AS p ON p.product = o.product
GROUP BY p.category, TUMBLE(o.order_time, INTERVAL 1 HOUR)
ORDER BY revenue DESC
LIMIT 3;
