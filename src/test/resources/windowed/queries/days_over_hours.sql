SELECT SUM(total) AS total, SUM(minutes) AS minutes FROM hours_over_minutes GROUP BY TUMBLE(window_start, INTERVAL 1 DAY)
