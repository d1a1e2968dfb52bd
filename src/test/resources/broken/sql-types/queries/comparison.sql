SELECT user_id
FROM events
WHERE score > 'a' AND ts = 5 AND won = 1
