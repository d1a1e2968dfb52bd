"""The project that Beamline runs: one query a workload, over the file that --input names."""

import os

YAML = """version: 1
project: benchmarks
defaults:
  sink: {type: files, path: out/, format: csv, pane_columns: false}
  windowing: {allowed_lateness: 0s}
sources:
  events:
    type: files
    path: data/none.ndjson
    format: json
    columns:
      event_id:   STRING
      event_time: {type: TIMESTAMP, required: true}
      user_id:    STRING
      team:       STRING
      type:       STRING
      score:      INT64
    event_time: event_time
  events_parquet:
    type: files
    path: data/none.parquet
    format: parquet
    columns:
      event_id:   STRING
      event_time: {type: TIMESTAMP, required: true}
      user_id:    STRING
      team:       STRING
      type:       STRING
      score:      INT64
    event_time: event_time
pipelines:
  all: {mode: batch, queries: ["*"], default: true}
targets:
  local: {runner: direct, warehouse: .beamline/warehouse.duckdb}
  flink: {runner: flink, master: "[local]", warehouse: .beamline/warehouse.duckdb}
"""

STREAM = """version: 1
project: benchmarks-stream
defaults:
  sink: {{type: kafka, bootstrap_servers: "{servers}", topic: {output}, format: json, pane_columns: false}}
  windowing: {{allowed_lateness: 0s}}
sources:
  events:
    type: kafka
    bootstrap_servers: "{servers}"
    topic: {topic}
    group_id: {output}
    columns:
      event_id:   STRING
      event_time: {{type: TIMESTAMP, required: true}}
      user_id:    STRING
      team:       STRING
      type:       STRING
      score:      INT64
    event_time: event_time
    watermark: {{max_out_of_orderness: {late}}}
pipelines:
  {name}: {{mode: streaming, queries: ["*"], default: true}}
targets:
  local: {{runner: flink, master: "[local]", parallelism: 2, checkpoint_every: 10s}}
"""

HOUR = "TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' HOUR))"
WINDOW = "window_start, window_end"
QUERIES = {
    "project": "SELECT event_id, user_id, score FROM events WHERE type = 'score' AND score > 8",
    "tumble": "SELECT UNIX_SECONDS(window_start) AS w, team, SUM(score) AS total"
    f" FROM {HOUR} WHERE score IS NOT NULL GROUP BY team, {WINDOW}",
    "hop": "SELECT UNIX_SECONDS(window_start) AS w, team, SUM(score) AS total FROM"
    " TABLE(HOP(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '1' HOUR))"
    f" WHERE score IS NOT NULL GROUP BY team, {WINDOW}",
    "distinct": "SELECT UNIX_SECONDS(window_start) AS w, team, COUNT(DISTINCT user_id) AS users"
    f" FROM {HOUR} GROUP BY team, {WINDOW}",
    "top5": f"SELECT UNIX_SECONDS(window_start) AS w, user_id, total FROM (SELECT user_id, SUM(score) AS"
    f" total, {WINDOW} FROM {HOUR} WHERE score IS NOT NULL GROUP BY user_id, {WINDOW})"
    f" QUALIFY ROW_NUMBER() OVER (PARTITION BY {WINDOW} ORDER BY total DESC, user_id) <= 5",
    "sessions": "SELECT UNIX_MILLIS(window_start) AS w, user_id, COUNT(*) AS n FROM"
    " TABLE(SESSION(TABLE events, DESCRIPTOR(event_time), DESCRIPTOR(user_id), INTERVAL '30'"
    f" MINUTE)) GROUP BY user_id, {WINDOW}",
}

SECOND = QUERIES["tumble"].replace("'1' HOUR", "'1' SECOND")

# Queries over one source: another condition each.
MANY = 50


def write_stream(folder, servers, topic, output):
    """A project of one stream from a topic to another: the hours of a backlog, or the seconds of what comes live."""
    live = topic.startswith("live")
    name, late = ("live", "0s") if live else ("backlog", "2d")
    os.makedirs(os.path.join(folder, "queries"))
    yaml = STREAM.format(servers=servers, topic=topic, output=output, late=late, name=name)
    for path, text in {"pipelines.yaml": yaml, f"queries/{name}.sql": SECOND if live else QUERIES["tumble"]}.items():
        with open(os.path.join(folder, path), "w", encoding="utf-8") as out:
            out.write(text + "\n")


def write(folder):
    os.makedirs(os.path.join(folder, "queries"), exist_ok=True)
    os.makedirs(os.path.join(folder, "data"), exist_ok=True)
    files = {"pipelines.yaml": YAML, "data/none.ndjson": "", "data/none.parquet": ""}
    for name, sql in QUERIES.items():
        files[f"queries/{name}.sql"] = sql + "\n"
    files["queries/tumble_parquet.sql"] = QUERIES["tumble"].replace("TABLE events,", "TABLE events_parquet,") + "\n"
    for i in range(MANY):
        files[f"queries/many_{i}.sql"] = (
            f"SELECT UNIX_SECONDS(window_start) AS w, team, SUM(score + {i}) AS total FROM {HOUR}"
            f" WHERE score > {i % 10} GROUP BY team, {WINDOW}\n"
        )
    for path, text in files.items():
        with open(os.path.join(folder, path), "w", encoding="utf-8") as out:
            out.write(text)
