WITH fine AS (SELECT user_id FROM events) SELECT user_id FROM fine
