"""Who is measured, with what, and the commands that run them."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
# The command that is measured: that of this checkout, or another one.
BEAMLINE = os.environ.get("BEAMLINE") or os.path.join(ROOT, "beamline")
OPENS = [
    f"--add-opens=java.base/{p}=ALL-UNNAMED"
    for p in ("java.lang", "java.util", "java.nio", "java.time", "sun.nio.ch")
]
WORKLOADS = ["tumble", "hop", "distinct", "top5", "sessions", "project"]
QUERIES = ["queries_1", "queries_5", "queries_20", "queries_50"]
# From a topic of a broker, as streams that do not end: a backlog, and a steady rate.
BACKLOG, LATENCY = "kafka_backlog", "kafka_latency"
STREAMS = [BACKLOG, LATENCY]
CONTENDERS = {
    "Beamline, Direct": ("beamline", "local"),
    "Beamline, Flink": ("beamline", "flink"),
    "Beamline, 384 MB of heap": ("beamline", "local", "-Xmx384m"),
    "Beamline, Parquet": ("beamline", "local"),
    "SqlTransform, Direct": ("beam", "sql", "direct"),
    "SqlTransform, Flink": ("beam", "sql", "flink"),
    "hand-written Beam, Direct": ("beam", "hand", "direct"),
    "hand-written Beam, Flink": ("beam", "hand", "flink"),
    "Flink SQL, batch": ("flink", "batch"),
    "Flink SQL, streaming": ("flink", "stream"),
    "DuckDB": ("duckdb",),
    "DuckDB, Parquet": ("duckdb",),
}
# Beam SQL has no way to say the first two; Flink's planner refuses sessions in batch.
UNSUPPORTED = {("sql", "distinct"), ("sql", "top5"), ("batch", "sessions")}


def beamline(contender):
    return CONTENDERS[contender][0] == "beamline"


def pace(contender):
    """Stock Beam costs so much an event that it gets smaller sizes; Flink SQL stands in between."""
    return {"beam": "slow", "flink": "middle"}.get(CONTENDERS[contender][0], "fast")


def of_parquet(contender):
    return contender.endswith("Parquet")


def many(workload):
    """The queries of queries_N; None for other workloads."""
    if not workload.startswith("queries_"):
        return None
    return [f"many_{i}" for i in range(int(workload[8:]))]


def supports(contender, workload):
    kind = CONTENDERS[contender]
    if workload in STREAMS:
        return contender in ("Beamline, Flink", "Flink SQL, streaming")
    if many(workload):
        return contender in ("Beamline, Direct", "Beamline, Flink")
    if "heap" in contender or of_parquet(contender):
        return workload == "tumble"
    return (kind[1:2] + (workload,)) not in UNSUPPORTED


def java(module, main, *args):
    target = os.path.join(HERE, module, "target")
    with open(os.path.join(target, "classpath"), encoding="utf-8") as file:
        path = os.path.join(target, f"{module}-1.jar") + ":" + file.read().strip()
    return ["java", "-XX:+UseParallelGC", *OPENS, "-cp", path, f"dev.beamline.benchmarks.{main}", *args]


def command(contender, workload, data, output, project):
    """The words of the command and what it needs in its environment."""
    kind = CONTENDERS[contender]
    if kind[0] == "beamline":
        queries = ",".join(many(workload) or [workload])
        source = "events_parquet" if of_parquet(contender) else "events"
        if of_parquet(contender):
            queries += "_parquet"
        words = [
            BEAMLINE, "run", "-C", project, "--target", kind[1],
            "--queries", queries, "--input", f"{source}={data}", "--preview", "0",
        ]
        return words, {"BEAMLINE_JAVA_OPTS": " ".join(kind[2:])}
    if kind[0] == "beam":
        return java("beam", "BeamPeer", kind[1], kind[2], workload, data, output), {}
    if kind[0] == "flink":
        return java("flink", "FlinkSqlPeer", kind[1], workload, data, output), {}
    return java("duckdb", "DuckDbPeer", workload, data, output), {}


def rows_file(contender, workload, output, project):
    if not beamline(contender):
        return output
    name = (many(workload) or [workload])[0] + ("_parquet" if of_parquet(contender) else "")
    return os.path.join(project, "out", name + ".csv")
