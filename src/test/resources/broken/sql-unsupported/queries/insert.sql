INSERT INTO events (user_id) VALUES ("a")
