SELECT user_id FROM events WHERE score > @leest
