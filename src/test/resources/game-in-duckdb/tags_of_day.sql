SELECT date_trunc('day', event_time) AS window_start, tag, count(*) AS actions, sum(score)::BIGINT AS score
FROM (SELECT event_time, score, unnest(tags) AS tag FROM game_events)
GROUP BY ALL
