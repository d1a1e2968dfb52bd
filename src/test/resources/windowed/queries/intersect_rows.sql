WITH per AS (
  SELECT team, user, SUM(score) AS s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))
  GROUP BY team, user, window_start, window_end
),
t1 AS (SELECT DISTINCT user, window_start, window_end FROM per WHERE team = 't1'),
t2 AS (SELECT DISTINCT user, window_start, window_end FROM per WHERE team = 't2')
SELECT * FROM t1 INTERSECT DISTINCT SELECT * FROM t2
