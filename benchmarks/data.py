"""Events of the sample game that all contenders can read."""

import os
import re
import subprocess
import sys

import contenders

# Broken records have another shape: cut lines, times that are none, no id, pages of errors. Only
# Beamline has somewhere to put those.
SOUND = re.compile(
    rb'^\{"event_id":"[^"\n]*","event_time":"2[^"\n]*Z","user_id":"[^"\n]*","team":"[^"\n]*",'
    rb'"type":"[^"\n]*"[^\n]*\}\n',
    re.MULTILINE,
)
BLOCK = 1 << 24


def events(folder, size):
    """A file of about so many events in thirty days, made where it is not there."""
    path = os.path.join(folder, f"events-{size}.ndjson")
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    print(f"making {path}", flush=True)
    words = ["generate", "--events", str(int(size * 1.095)), "--days", "30", "--players", "2000"]
    generate = subprocess.Popen([contenders.BEAMLINE, *words], stdout=subprocess.PIPE)
    rest = b""
    with open(path + ".new", "wb") as out:
        while True:
            block = generate.stdout.read(BLOCK)
            whole, newline, rest = (rest + block).rpartition(b"\n")
            for line in SOUND.finditer(whole + newline):
                out.write(line.group())
            if not block:
                break
    if generate.wait() != 0:
        sys.exit("generating events failed")
    os.rename(path + ".new", path)
    return path


def parquet(folder, size):
    """The same events as Parquet."""
    path = os.path.join(folder, f"events-{size}.parquet")
    if not os.path.exists(path):
        lines = events(folder, size)
        subprocess.run(contenders.java("duckdb", "DuckDbPeer", "to_parquet", lines, path + ".new"), check=True)
        os.rename(path + ".new", path)
    return path


def count(path):
    """How many events a file of lines has."""
    path = path.replace(".parquet", ".ndjson")
    noted = path + ".count"
    if not os.path.exists(noted):
        with open(path, "rb") as file:
            lines = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
        with open(noted, "w", encoding="utf-8") as file:
            file.write(str(lines))
    with open(noted, encoding="utf-8") as file:
        return int(file.read())
