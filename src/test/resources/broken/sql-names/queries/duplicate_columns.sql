SELECT user_id, team AS user_id FROM events
