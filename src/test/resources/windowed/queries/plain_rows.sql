SELECT user, UPPER(team) AS team, score * 2 AS twice FROM events WHERE score > 20
