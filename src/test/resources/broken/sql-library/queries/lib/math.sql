CREATE FUNCTION double(x INT64) AS (x * )
