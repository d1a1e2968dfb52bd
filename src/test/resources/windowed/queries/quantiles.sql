SELECT team, APPROX_QUANTILES(score, 4) AS quarters, APPROX_TOP_SUM(user, score, 2) AS top
FROM events
GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)
