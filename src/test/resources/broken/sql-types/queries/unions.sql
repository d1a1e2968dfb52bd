SELECT user_id FROM events UNION ALL SELECT score FROM events
