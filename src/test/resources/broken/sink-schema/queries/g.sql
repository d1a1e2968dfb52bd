SELECT user_id AS `the user`, "x" AS pane_timing, INTERVAL 1 DAY AS i FROM events
