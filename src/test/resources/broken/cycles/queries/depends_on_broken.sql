SELECT user_id FROM broken
