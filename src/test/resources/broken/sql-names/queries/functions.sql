SELECT user_id, TUMBEL_START(ts), SUBSTRNG(user_id, 1, 2) AS s, NO_SUCH_THING(1) AS t
FROM events
