-- window_start and window_end mean the group's window where no table has them; USING may name those that a table carries on.
WITH minutes AS (
  SELECT user, COUNT(*) AS n FROM events GROUP BY user, TUMBLE(ts, INTERVAL 5 MINUTE)
  QUALIFY RANK() OVER (PARTITION BY window_start ORDER BY n DESC) <= 2
), visits_of AS (
  SELECT user, COUNT(*) AS seen FROM visits GROUP BY user, TUMBLE(seen_at, INTERVAL 5 MINUTE) HAVING window_end > TIMESTAMP '2000-01-01'
)
SELECT user, n, seen FROM minutes LEFT JOIN visits_of USING (user, window_start, window_end)
