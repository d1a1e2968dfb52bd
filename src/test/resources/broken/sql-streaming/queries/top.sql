SELECT user_id, score FROM events ORDER BY score DESC LIMIT 5
