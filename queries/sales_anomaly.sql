-- Each hour against the hour before it: a hop of two hours, cut in its middle.
SELECT
  TIMESTAMP_ADD(window_start, INTERVAL 1 HOUR) AS hour,
  COUNTIF(event_time >= TIMESTAMP_ADD(window_start, INTERVAL 1 HOUR)) AS purchases,
  COUNTIF(event_time < TIMESTAMP_ADD(window_start, INTERVAL 1 HOUR)) AS purchases_before,
  SAFE_DIVIDE(
    COUNTIF(event_time >= TIMESTAMP_ADD(window_start, INTERVAL 1 HOUR)),
    COUNTIF(event_time < TIMESTAMP_ADD(window_start, INTERVAL 1 HOUR))) AS ratio
FROM TABLE(HOP(TABLE game_events, DESCRIPTOR(event_time), INTERVAL 1 HOUR, INTERVAL 2 HOUR))
WHERE type = 'purchase'
GROUP BY window_start, window_end
