SELECT user_id,, COUNT(*)
FROM events
GROUP user_id
