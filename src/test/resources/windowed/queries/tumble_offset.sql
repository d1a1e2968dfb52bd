SELECT user, SUM(price) AS spent FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR, INTERVAL 20 MINUTE)) GROUP BY user, window_start, window_end
