SELECT user_id FROM events WHERE
