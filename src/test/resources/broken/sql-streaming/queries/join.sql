SELECT a.user_id FROM events AS a JOIN events AS b ON a.user_id = b.user_id
