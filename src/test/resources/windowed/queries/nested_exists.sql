-- Two subqueries deep, both look at the row around them; the windows pick the rows of the arrays.
SELECT e.user, e.score, e.window_start, e.window_end
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)) AS e
WHERE EXISTS (
  SELECT 1
  FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen_at), INTERVAL 1 HOUR)) AS v
  WHERE v.window_start = e.window_start AND v.window_end = e.window_end AND v.took > e.score
    AND EXISTS (SELECT 1 FROM players AS p WHERE p.user = v.user AND p.user != e.user)
)
