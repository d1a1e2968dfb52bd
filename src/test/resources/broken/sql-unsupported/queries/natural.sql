SELECT * FROM events NATURAL JOIN players
