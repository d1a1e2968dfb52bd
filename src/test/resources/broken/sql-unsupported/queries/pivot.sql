SELECT * FROM game_events
PIVOT (SUM(score) FOR team IN (SELECT 'red'))
