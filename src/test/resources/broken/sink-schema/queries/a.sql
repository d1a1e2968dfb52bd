SELECT team, ANY_VALUE(tags) AS tags, COUNT(*) AS n
FROM events
GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)
