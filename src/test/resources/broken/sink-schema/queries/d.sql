SELECT user_id, day FROM events
