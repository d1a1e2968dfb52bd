-- Two words could be meant: the query's beginning is shown.
SELECT most, window_start, window_end FROM (
  SELECT MAX(n) AS most, window_start, window_end
  FROM (SELECT team, n, window_start, window_end FROM parts)
  GROUP BY window_start, window_end)
GROUP BY most, window_start, window_end
