-- Rows of sessions by a condition: rows that it leaves out have held their session together.
SELECT id, user, score, tags, ROW_NUMBER() OVER (PARTITION BY user, window_start, window_end ORDER BY ts, id) AS at_place
FROM TABLE(SESSION(TABLE events PARTITION BY user, DESCRIPTOR(ts), INTERVAL 3 MINUTE))
WHERE score > 0
