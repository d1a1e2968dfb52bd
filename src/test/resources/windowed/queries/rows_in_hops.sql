-- Rows in windows that nothing groups: each goes out once a window, with the window.
SELECT user, score, window_start, window_end FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 10 MINUTE, INTERVAL 30 MINUTE)) WHERE score > 10
