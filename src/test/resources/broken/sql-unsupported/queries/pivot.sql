SELECT * FROM events PIVOT (SUM(score) FOR team IN ("a", "b"))
