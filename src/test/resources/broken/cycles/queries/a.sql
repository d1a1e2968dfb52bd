SELECT user_id FROM b
