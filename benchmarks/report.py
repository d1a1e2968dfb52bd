"""Turns measurements into a page of tables and a plot."""

import os
import statistics

import contenders
import streams

COLORS = [
    "#0b6e4f", "#6bbf59", "#2e8b57", "#a3d9a5", "#8e2de2", "#c39bd3", "#d35400", "#f0b27a",
    "#1f618d", "#7fb3d5", "#7f8c8d", "#bdc3c7",
]
# What must hold: workload, who, at most how much of whom.
BARS = [
    ("tumble", "Beamline, Direct", 0.15, "SqlTransform, Direct"),
    ("tumble", "Beamline, Flink", 0.15, "SqlTransform, Flink"),
    ("tumble", "Beamline, Direct", 0.25, "hand-written Beam, Direct"),
    ("tumble", "Beamline, Flink", 0.25, "hand-written Beam, Flink"),
    ("tumble", "Beamline, Flink", 0.5, "Flink SQL, batch"),
    ("tumble", "Beamline, Flink", 0.5, "Flink SQL, streaming"),
    *[
        (workload, "Beamline, Flink", 1, f"Flink SQL, {mode}")
        for workload in ("hop", "distinct", "top5", "sessions")
        for mode in ("batch", "streaming")
        if (workload, mode) != ("sessions", "batch")
    ],
    ("kafka_backlog", "Beamline, Flink", 1, "Flink SQL, streaming"),
    ("tumble", "Beamline, Direct", 4, "DuckDB"),
    ("hop", "Beamline, Direct", 0.05, "SqlTransform, Direct"),
]
# The same contender on two workloads.
GROWTH = [
    ("Beamline, Direct", "hop", 1.5, "tumble"),
    ("Beamline, Flink", "hop", 1.5, "tumble"),
    ("Beamline, Direct", "queries_20", 3, "queries_1"),
]


def runs_of(results, workload, contender):
    """For each size that was measured, its events and its runs."""
    found = []
    for size in results["sizes"]:
        runs = results["measured"].get(f"{workload}|{contender}|{size}")
        if runs:
            found.append((size, results["events"][str(size)] / 1e6, runs))
    return found


def line(points):
    """Slope and height at zero of the straight line next to the points."""
    mean_x = statistics.mean(x for x, _ in points)
    mean_y = statistics.mean(y for _, y in points)
    k = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return k, mean_y - k * mean_x


def slopes(results, workload, contender):
    """CPU seconds a million events of each round of runs."""
    found = runs_of(results, workload, contender)
    rounds = min((len(runs) for _, _, runs in found), default=0)
    if len(found) < 2:
        return []
    return [line([(x, runs[i]["cpu"]) for _, x, runs in found])[0] for i in range(rounds)]


def slope(results, workload, contender):
    """CPU seconds a million events, and before the first one: of the rounds that all sizes have, the medians."""
    found = runs_of(results, workload, contender)
    if len(found) < 2:
        return None, None
    rounds = min(len(runs) for _, _, runs in found)
    return line([(x, statistics.median(r["cpu"] for r in runs[:rounds])) for _, x, runs in found])


def ratio(results, workload, who, other_workload, other):
    """Median, least and most of the ratios round by round, and how many; None where one was not measured."""
    mine = slopes(results, workload, who)
    theirs = slopes(results, other_workload, other)
    # Where runs differ by more than the sizes do there is no slope, and nothing to compare.
    ratios = [a / b for a, b in zip(mine, theirs) if a > 0 and b > 0]
    if not ratios:
        return None
    return statistics.median(ratios), min(ratios), max(ratios), len(ratios)


def bars(results):
    text = [
        "## Ratios", "",
        "CPU seconds an event of the first as a share of the second's, each its slope between its sizes: the median"
        " of the ratios of the rounds in which both were measured, the least and the most of them.", "",
        "| what | at most | measured | least to most | runs | |", "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    asked = [(f"{w}: {who} of {other}", most, ratio(results, w, who, w, other)) for w, who, most, other in BARS]
    asked += [
        (f"{who}: {w} of {other}", most, ratio(results, w, who, other, who)) for who, w, most, other in GROWTH
    ]
    for what, most, found in asked:
        if found is None:
            text.append(f"| {what} | {most} | not measured | | | |")
        else:
            whole, least, highest, n = found
            met = "met" if whole <= most else "**missed**"
            text.append(f"| {what} | {most} | {whole:.2f} | {least:.2f} to {highest:.2f} | {n} | {met} |")
    return text + [""]


def memory(results):
    rows = []
    for contender in ("Beamline, Direct", "Beamline, 384 MB of heap"):
        for size, millions, runs in runs_of(results, "tumble", contender):
            rows.append(f"| {contender} | {millions:.2f} | {max(r['rss'] for r in runs):.0f} |")
    if not rows:
        return []
    return [
        "## Memory", "", "Most resident memory of the whole process, tumble.", "",
        "| contender | million events | MB |", "| --- | ---: | ---: |", *rows, "",
    ]


def rows_of(results, workload, contender, sizes):
    """Whether the rows are those of all others at each size at which there are others."""
    number, others = "", 0
    for size in sizes:
        rows = results["rows"][f"{workload}|{size}"]
        usual = max(rows.values(), key=list(rows.values()).count)
        if rows[contender] != usual:
            return f"**differ** at {size:,}"
        others = max(others, len(rows) - 1)
        number = rows[contender].split(":")[0]
    return f"{int(number):,}, equal to {others} others" if others else f"{int(number):,}"


def workload_table(results, workload):
    text = [
        f"## {workload}", "",
        "| contender | CPU s a million | start-up CPU s | million events | runs | CPU s (least to most) | wall s | peak MB | rows |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for contender in contenders.CONTENDERS:
        found = runs_of(results, workload, contender)
        if not found:
            continue
        k, start = slope(results, workload, contender)
        _, _, runs = found[-1]
        cpu = [r["cpu"] for r in runs]
        same = rows_of(results, workload, contender, [size for size, _, _ in found])
        text.append(
            f"| {contender} | {'' if k is None else f'{k:.2f}' if k > 0 else 'noise'} | {'' if start is None else f'{start:.1f}'}"
            f" | {' and '.join(f'{x:.2f}' for _, x, _ in found)}"
            f" | {' and '.join(dict.fromkeys(str(len(r)) for _, _, r in found))}"
            f" | {statistics.median(cpu):.1f} ({min(cpu):.1f} to {max(cpu):.1f})"
            f" | {statistics.median(r['wall'] for r in runs):.1f} | {max(r['rss'] for r in runs):.0f}"
            f" | {same} |"
        )
    return text + [""]


def latency_table(results):
    rows = []
    for contender in contenders.CONTENDERS:
        for run in results["measured"].get(f"{contenders.LATENCY}|{contender}|0", []):
            rows.append(
                f"| {contender} | {run['half']:.0f} | {run['most']:.0f} | {run['worst']:.0f} | {run['rows']:,}"
                f" | {run['cpu']:.1f} | {run['rss']:.0f} |"
            )
    if not rows:
        return []
    return [
        f"## {contenders.LATENCY}", "",
        f"{streams.RATE:,} events a second into a topic of {streams.PARTITIONS} partitions, sums by team and second out to"
        f" another one; milliseconds from a second's end until its row is there, from {streams.WARM} to {streams.SECONDS}"
        " seconds after the first row; nothing is out of order. A line a run. CPU seconds are of the whole process,"
        " from its start on.", "",
        "| contender | half of the rows within | 99 % within | last | rows | CPU s | peak MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |", *rows, "",
    ]


def write(results, folder):
    workloads = [
        w for w in [*contenders.WORKLOADS, *contenders.QUERIES, contenders.BACKLOG]
        if any(name.startswith(w + "|") for name in results["measured"])
    ]
    text = [
        "# Beamline beside what users would take instead", "",
        f"Machine: {results['machine']}.", "",
        *([results["note"], ""] if results.get("note") else []),
        "CPU seconds are user and system of the whole process. What a million events cost is the slope between"
        " the sizes that are named, start-up is what that line says for none; medians of the rounds that all sizes"
        " have. What a size alone took is said of the largest. Rows are"
        " compared at each size with those of all others that were measured there. Made by `benchmarks/run`.", "",
    ]
    text += bars(results) + memory(results)
    for workload in workloads:
        text += workload_table(results, workload)
    text += latency_table(results)
    if results["failed"]:
        text += ["Failed or took too long: " + "; ".join(sorted(set(results["failed"]))) + ".", ""]
    text += ["Beam SQL cannot say the workloads `distinct` and `top5`, nor Flink SQL `sessions` in batch.", ""]
    picture = plot(results, workloads)
    if picture:
        text += ["![CPU seconds a million events](results.svg)", ""]
        with open(os.path.join(folder, "results.svg"), "w", encoding="utf-8") as file:
            file.write(picture)
    with open(os.path.join(folder, "README.md"), "w", encoding="utf-8") as file:
        file.write("\n".join(text))
    return "\n".join(text)


def plot(results, workloads):
    shapes, y = [], 24
    for workload in workloads:
        found = [(c, slope(results, workload, c)[0]) for c in contenders.CONTENDERS]
        found = [(c, k) for c, k in found if k is not None]
        if not found:
            continue
        most = max(max(k for _, k in found), 1e-9)
        shapes.append(f'<text x="8" y="{y}" font-weight="bold">{workload}</text>')
        y += 8
        for contender, value in found:
            width = max(1, 420 * max(value, 0) / most)
            color = COLORS[list(contenders.CONTENDERS).index(contender)]
            shapes.append(f'<text x="180" y="{y + 11}" text-anchor="end">{contender}</text>')
            shapes.append(f'<rect x="188" y="{y}" width="{width:.0f}" height="13" fill="{color}"/>')
            shapes.append(f'<text x="{194 + width:.0f}" y="{y + 11}">{value:.2f}</text>')
            y += 17
        y += 24
    if not shapes:
        return None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="{y}" font-family="sans-serif" font-size="11">'
        '<rect width="100%" height="100%" fill="white"/>' + "".join(shapes) + "</svg>\n"
    )
