SELECT user_id, tags, item FROM events
