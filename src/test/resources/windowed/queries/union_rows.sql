WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
)
SELECT user, window_start, window_end FROM per WHERE team = 't1'
UNION DISTINCT
SELECT user, window_start, window_end FROM per WHERE s > 60
