SELECT user_id, tags FROM events
