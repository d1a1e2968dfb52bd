CREATE TEMP FUNCTION f(x INT64) AS (x + 1);
-- An hour over parts of minutes.
SELECT MAX(f(n)) AS most, window_start, window_end
FROM TABLE(TUMBLE(TABLE parts, DESCRIPTOR(window_start), INTERVAL 1 HOUR))
GROUP BY window_start, window_end
