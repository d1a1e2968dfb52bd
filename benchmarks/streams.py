"""Streams from a real broker: what a backlog costs, and how soon rows come at a steady rate."""

import os
import shutil
import signal
import statistics
import subprocess
import time

import contenders
import project

WORK = os.path.join(contenders.HERE, "target")
PARTITIONS = 2
# Events a second, seconds of it from the first row on, and those of them that are not measured yet.
RATE, SECONDS, WARM = 2000, 60, 30


class Broker:
    """A broker of its own process, and the topics that were filled in it."""

    def __init__(self):
        self.folder = os.path.join(WORK, "broker")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "data"))
        address = os.path.join(self.folder, "address")
        with open(os.path.join(self.folder, "log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                contenders.java("kafka", "KafkaPeer", "serve", os.path.join(self.folder, "data"), address),
                stdin=subprocess.PIPE, stdout=log, stderr=log,
            )
        for _ in range(600):
            if os.path.exists(address):
                break
            time.sleep(0.2)
        with open(address, encoding="utf-8") as file:
            self.servers = file.read()
        self.filled = set()
        self.made = 0

    def peer(self, *words, **more):
        log = os.path.join(self.folder, "peer.log")
        with open(log, "w", encoding="utf-8") as file:
            return subprocess.run(
                contenders.java("kafka", "KafkaPeer", words[0], self.servers, *words[1:]), stdout=file, stderr=file, **more
            ).returncode

    def topic(self, name, partitions=1):
        if self.peer("topic", name, str(partitions)) != 0:
            raise RuntimeError(f"topic {name} cannot be made")
        return name

    def backlog(self, events):
        """The topic that holds a file of events."""
        name = "in-" + os.path.basename(events)
        if name not in self.filled:
            self.topic(name, PARTITIONS)
            if self.peer("load", name, events) != 0:
                raise RuntimeError(f"{events} cannot be loaded")
            self.filled.add(name)
        return name

    def output(self):
        self.made += 1
        return self.topic(f"out-{self.made}")

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(broker, contender, workload, topic, output, log):
    """The process of a contender that streams from a topic to another."""
    if contenders.beamline(contender):
        folder = os.path.join(WORK, "streaming")
        shutil.rmtree(folder, ignore_errors=True)
        project.write_stream(folder, broker.servers, topic, output)
        words = [contenders.BEAMLINE, "run", workload, "-C", folder, "--preview", "0"]
    else:
        words = contenders.java("flink", "FlinkSqlPeer", "kafka", workload, f"{broker.servers}/{topic}", output)
    with open(log, "w", encoding="utf-8") as file:
        return subprocess.Popen(words, stdout=file, stderr=file, cwd=WORK, start_new_session=True)


def end(process, began):
    """Ends a contender as Ctrl-C does, and says what it has taken."""
    wall = time.time() - began
    usage = None
    for end_by, patience in ((signal.SIGTERM, 60), (signal.SIGKILL, 60)):
        try:
            os.killpg(process.pid, end_by)
        except ProcessLookupError:
            pass
        until = time.time() + patience
        while usage is None and time.time() < until:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode, usage = status, used
            else:
                time.sleep(0.05)
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "rss": usage.ru_maxrss / 1024}


def backlog(broker, contender, events, rows, found, limit, log):
    """Streams what a topic holds until all rows are there; None where they do not come."""
    topic, output = broker.backlog(events), broker.output()
    began = time.time()
    process = start(broker, contender, "backlog", topic, output, log)
    try:
        came = broker.peer("await", output, str(rows), str(int(limit)), found) == 0
    finally:
        measured = end(process, began)
    return measured if came else None


def latency(broker, contender, log):
    """Milliseconds from a window's end to its rows, at a steady rate; None where none came."""
    output = broker.output()
    topic = broker.topic("live-" + output, PARTITIONS)
    found = os.path.join(broker.folder, "latencies")
    began = time.time()
    process = start(broker, contender, "live", topic, output, log)
    try:
        came = broker.peer("steady", topic, output, str(RATE), str(SECONDS), found) == 0
    finally:
        measured = end(process, began)
    if not came:
        return None
    with open(found, encoding="utf-8") as file:
        rows = [[int(number) for number in line.split(",")] for line in file]
    kept = sorted(late for since, late in rows if since >= WARM * 1000)
    if len(kept) < 10:
        return None
    return {
        **measured,
        "rows": len(kept),
        "half": statistics.median(kept),
        "most": kept[min(len(kept) - 1, int(len(kept) * 0.99))],
        "worst": kept[-1],
    }
