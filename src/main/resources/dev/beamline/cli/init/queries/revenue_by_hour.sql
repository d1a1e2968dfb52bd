-- What the shop earned in each hour.
SELECT
  COUNT(*) AS orders,
  SUM(quantity * price) AS revenue
FROM orders
GROUP BY TUMBLE(order_time, INTERVAL 1 HOUR);
