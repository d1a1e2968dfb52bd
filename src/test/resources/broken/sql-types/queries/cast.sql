SELECT CAST(won AS DATE) AS a, CAST(tags AS STRING) AS b, CAST(score AS INT) AS c, CAST(score AS NUMBER) AS d
FROM events
