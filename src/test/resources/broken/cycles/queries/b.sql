SELECT user_id FROM c
