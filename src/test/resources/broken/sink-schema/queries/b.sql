SELECT user_id, ts FROM events
