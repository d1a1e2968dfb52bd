-- The window's bounds by name, and sessions grouped by more and less than their keys.
SELECT user, team, window_start AS began, COUNT(*) AS n
FROM TABLE(SESSION(TABLE events PARTITION BY user, DESCRIPTOR(ts), INTERVAL 3 MINUTE))
GROUP BY ROLLUP(user, team), window_start, window_end
