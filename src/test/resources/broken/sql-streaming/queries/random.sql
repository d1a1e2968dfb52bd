SELECT user_id, RAND() AS r FROM events
