"""What each node takes, every few seconds, and whether that is flat."""

import os
import pathlib
import statistics
import time

import fastcgi

METRICS = {"users": "rollcall_users", "requests": "rollcall_requests_total", "connections": "rollcall_connections",
           "streams": "rollcall_streams", "blocked": "rollcall_streams_blocked", "under_way": "rollcall_requests_under_way",
           "waiting": "rollcall_store_changes_waiting", "dropped": "rollcall_log_lines_dropped_total",
           "created": "rollcall_sign_ups_total", "jobs": "rollcall_worker_jobs_queued", "closing": "rollcall_event_loop_handles_closing"}

# Of the least memory of the last quarter, over that of the quarter before. The list keeps its size; what users that are gone leave behind,
# such as gaps in tables that are closed later, is counted for each that was created.
MORE_MEMORY = 512 << 10
MORE_FOR_A_USER = 100


def read_metrics(text):
    """Sums over labels; of sign-ups those that were created."""
    found = dict.fromkeys(METRICS.values(), 0.0)
    for line in text.splitlines():
        name, _, rest = line.partition(" ")
        metric, _, labels = name.partition("{")
        if metric in found and (metric != METRICS["created"] or 'outcome="created"' in labels):
            found[metric] += float(rest)
    return {key: int(found[metric]) for key, metric in METRICS.items()}


def read_process(pid):
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return {"memory": int(status["RssAnon"].split()[0]) << 10, "threads": int(status["Threads"]),
            "descriptors": len(os.listdir(f"/proc/{pid}/fd"))}


def read_node(node):
    """None while it is away. If connections come or go meanwhile, once more: descriptors and connections are to be of one moment."""
    try:
        for _ in range(20):
            before = read_process(node.child.process.pid)
            status, text = fastcgi.ask(node.socket, "/metrics")
            after = read_process(node.child.process.pid)
            if before["descriptors"] == after["descriptors"]:
                break
        if status != 200:
            return None
        return {"time": time.monotonic(), "node": node.name, "life": node.life, **read_metrics(text.decode()), **after}
    except (OSError, EOFError, KeyError):
        return None


def judge(samples, begin, end):
    """The verdict on one node, in lines, and its faults: over its last life, in the second half of the time from `begin` to `end`."""
    life = samples[-1]["life"]
    half, last = begin + (end - begin) / 2, begin + (end - begin) * 3 / 4
    third = [s for s in samples if half <= s["time"] < last and s["life"] == life]
    fourth = [s for s in samples if last <= s["time"] <= end and s["life"] == life]
    if not third or not fourth:
        return [], ["there are too few figures of the second half"]
    lines, faults = [], []

    def compare(what, figure, most, show=str, of=min):
        before, after = of(map(figure, third)), of(map(figure, fourth))
        lines.append(f"{what}: {show(before)} in the third quarter, {show(after)} in the fourth; at most {show(before + most)}")
        if after > before + most:
            faults.append(f"{what} grew from {show(before)} to {show(after)}")

    created = fourth[-1]["created"] - third[0]["created"]
    requests = fourth[-1]["requests"] - third[0]["requests"]
    compare("memory", lambda s: s["memory"], MORE_MEMORY + created // 2 * MORE_FOR_A_USER, lambda value: f"{value >> 10} KiB")
    # Of most moments: in some of them connections are counted that have no descriptor any more. One more: it is about to close.
    compare("descriptors beside connections", lambda s: s["descriptors"] - s["connections"], 1, of=statistics.median_low)
    compare("threads", lambda s: s["threads"], 0)
    lines.append(f"meanwhile {requests} requests, {created} users created, {fourth[-1]['users']} on the list")
    if any(s["dropped"] for s in samples):
        faults.append("lines of the log were dropped")
    return lines, faults
