SELECT w AS window_start, w + INTERVAL 1 DAY AS window_end, w::DATE AS day, count(*) AS players, avg(xp) AS average_xp, max(xp) AS best_xp
FROM (
  SELECT date_trunc('day', event_time) AS w, user_id, sum(xp)::BIGINT AS xp FROM game_events WHERE xp IS NOT NULL GROUP BY ALL)
GROUP BY w
