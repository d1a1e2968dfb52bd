-- Of the players who came in a day, how many bought something that day.
WITH players_of_day AS (
  SELECT
    user_id,
    LOGICAL_OR(type = 'purchase') AS bought,
    window_start,
    window_end
  FROM TABLE(TUMBLE(TABLE game_events, DESCRIPTOR(event_time), INTERVAL 1 DAY))
  GROUP BY user_id, window_start, window_end
)
SELECT
  COUNT(*) AS players,
  COUNTIF(bought) AS buyers,
  ROUND(100 * COUNTIF(bought) / COUNT(*), 2) AS conversion_percent
FROM players_of_day
GROUP BY window_start, window_end
