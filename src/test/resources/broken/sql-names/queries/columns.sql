SELECT usr_id, SUM(e.scores) AS total, item.prize
FROM events AS e
WHERE e.teem = 'blue' AND x.team = 'red'
GROUP BY 1, 3, TUMBLE(ts, INTERVAL 1 HOUR)
