-- The rows of the contract, as DuckDB reads them: lines that are JSON, with all that is required, each event once.
CREATE VIEW lines AS
SELECT json
FROM read_csv('${events}', columns = {'json': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false);

CREATE VIEW decoded AS
SELECT
  json ->> '$.event_id' AS event_id,
  TRY_CAST(json ->> '$.event_time' AS TIMESTAMPTZ) AS event_time,
  json ->> '$.user_id' AS user_id,
  json ->> '$.team' AS team,
  json ->> '$.type' AS type,
  TRY_CAST(json ->> '$.score' AS BIGINT) AS score,
  TRY_CAST(json ->> '$.xp' AS BIGINT) AS xp,
  json ->> '$.boss' AS boss,
  TRY_CAST(json ->> '$.won' AS BOOLEAN) AS won,
  TRY_CAST(json ->> '$.duration_ms' AS BIGINT) AS duration_ms,
  TRY_CAST(json ->> '$.coins' AS BIGINT) AS coins,
  json ->> '$.item.id' AS item_id,
  json ->> '$.item.category' AS item_category,
  TRY_CAST(json ->> '$.item.price' AS DECIMAL(18, 9)) AS item_price,
  TRY_CAST(json ->> '$.item.quantity' AS BIGINT) AS item_quantity,
  json ->> '$.device.os' AS os,
  TRY_CAST(json -> '$.tags' AS VARCHAR[]) AS tags
FROM lines
WHERE json_valid(json);

CREATE TABLE game_events AS
SELECT DISTINCT ON (event_id) *
FROM decoded
WHERE event_id IS NOT NULL AND event_time IS NOT NULL AND user_id IS NOT NULL AND type IS NOT NULL;

CREATE TABLE players AS
SELECT user_id, team, NULLIF(country, '') AS country
FROM read_csv('${players}', header = true, all_varchar = true);
