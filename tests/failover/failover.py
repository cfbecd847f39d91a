#!/usr/bin/env -S python3 -B
"""One failure of a database that is replicated, under two nodes with people who sign up, and the verdict on what everybody was told.

    failover.py PROGRAM SIGN_UP SCENARIO

PROGRAM is rollcall, SIGN_UP database_sign_up. Prints for how long nobody could sign up. Fails if a user who was told so is not there
once, under that number; if numbers are not in the order in which users were stored; or if a follower has missed somebody or has heard
of somebody twice."""

import signal
import subprocess
import sys
import time

from cluster import Cluster, TTL, wait_for
from people import PATIENCE_MS, Follower, SignUps, wait_until_followed

CLIENTS = 16
ENOUGH = 200  # sign-ups before the failure, and after it
SLACK = 0.1  # seconds: a record may be read as much later than its request has ended


def primary_killed(cluster, load):
    """Its machine is gone: server and Patroni."""
    lost = cluster.primary()
    cluster.kill_machine(lost)
    return lambda: cluster.start_machine(lost)


def switchover(cluster, load):
    cluster.switch_over(cluster.primary(), cluster.synchronous())
    return lambda: None


def standby_gone(cluster, load):
    """The one that commits wait for."""
    lost = cluster.synchronous()
    cluster.kill_machine(lost)
    return lambda: cluster.start_machine(lost)


def both_standbys_gone(cluster, load):
    """Nobody can be stored: nobody may be told so. One comes back."""
    primary = cluster.primary()
    lost = [name for name in cluster.names if name != primary]
    for name in lost:
        cluster.kill_machine(name)
    gone = time.monotonic()
    # Until somebody who began after that was told: not stored.
    wait_for("a refusal", lambda: any(began > gone + 1 and status == 503 for _, began, _, status, _, _ in load.records[-2000:]))
    told = [record for record in load.records if record[3] == 201 and record[1] > gone + 0.5]
    assert not told, f"told without a standby: {told[:3]}"
    for name in lost:
        cluster.start_machine(name)
    return lambda: None


def network_split(cluster, load):
    """The primary is cut off, and comes back when another one has signed users up: what it did meanwhile does not count."""
    lost = cluster.primary()
    stopped = cluster.machine(lost)
    cluster.signal_machine(lost, signal.SIGSTOP)
    wait_for("another primary", lambda: cluster.primary() not in (None, lost), timeout=4 * TTL)
    found = time.monotonic()
    wait_for("sign-ups at it", lambda: load.created_since(found) >= ENOUGH)
    subprocess.run(["kill", "-CONT", *map(str, stopped)], check=False, stderr=subprocess.DEVNULL)
    return lambda: None


SCENARIOS = {scenario.__name__: scenario for scenario in
             (primary_killed, switchover, standby_gone, both_standbys_gone, network_split)}


def start_node(cluster, program, number):
    path = cluster.directory / f"node-{number}.sock"
    log = open(cluster.directory / f"node-{number}.log", "ab")
    process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", program, "--listen", f"unix:{path}", "--store", cluster.address(),
                                "--www", str(cluster.directory)],
                               stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    wait_for(f"node {number}", lambda: path.exists() or process.poll() is not None)
    assert process.poll() is None, (cluster.directory / f"node-{number}.log").read_text()
    return process, path


def longest_pause(records):
    """Seconds between two users who were stored."""
    ended = sorted(record[2] for record in records if record[3] == 201)
    return max(b - a for a, b in zip(ended, ended[1:]))


def read_users(cluster):
    return [(int(number), int(created), name) for number, created, name in
            (line.split("|", 2) for line in cluster.psql("SELECT number, created, name FROM rollcall.users ORDER BY number").splitlines())]


def read_users_followed(cluster, followers):
    """The users, and the names that each follower has. Batches may still be under way whose clients are gone: so the users are the same
    before and after."""
    users = read_users(cluster)
    while True:
        for follower in followers:
            wait_until_followed(follower, users[-1][0])
        followed = [list(follower.names.items()) for follower in followers]
        before, users = users, read_users(cluster)
        if users == before:
            return users, followed


def wait_for_whole(cluster):
    """What is wrong with the users is of more interest than a server that does not come back."""
    try:
        cluster.wait_until_whole()
    except AssertionError as late:
        return [str(late)]
    return []


def judge(records, users, followed):
    """What was told, beside what is there: `users` are (number, created, name), by number."""
    faults = []
    by_number = {number: name for number, _, name in users}
    told = [record for record in records if record[3] == 201]
    for _, _, _, _, number, name in told:
        if by_number.get(number) != name:
            faults.append(f"told, and not there: {number} {name}")
    if len({name for _, _, name in users}) != len(users):
        faults.append("a name is there twice")
    if [created for _, created, _ in users] != sorted(created for _, created, _ in users):
        faults.append("a user with a greater number is older")
    # In the order of their ends: all who began after an end have greater numbers.
    ends = sorted((ended, number) for _, _, ended, _, number, _ in told)
    greatest, i = 0, 0
    for began, number in sorted((began, number) for _, began, _, _, number, _ in told):
        while i < len(ends) and ends[i][0] + SLACK < began:
            greatest = max(greatest, ends[i][1])
            i += 1
        if number <= greatest:
            faults.append(f"{number} was asked for after {greatest} was told")
    unknown = {status for _, _, _, status, _, _ in records} - {201, 503}
    if unknown:
        faults.append(f"answered with {unknown}, 0: not at all, 1: not within {PATIENCE_MS} ms; every name is asked for once")
    for names in followed:
        if names != list(by_number.items()):
            faults.append(f"a follower has {len(names)} users of {len(users)}, or others")
    return faults


def run(program, sign_up, scenario):
    cluster = Cluster()
    nodes, load, followers = [], None, []
    try:
        cluster.start()
        cluster.psql("CREATE DATABASE rollcall", database="postgres")
        subprocess.run([program, "migrate", "--store", cluster.address("postgres")], check=True, stdout=subprocess.DEVNULL)
        started = [start_node(cluster, program, number) for number in (1, 2)]
        nodes = [process for process, _ in started]
        followers = [Follower(path) for _, path in started]
        load = SignUps(sign_up, "f", [path for _, path in started], CLIENTS)
        wait_for("sign-ups", lambda: load.created_since(0) >= ENOUGH)
        begun = time.monotonic()
        bring_back = SCENARIOS[scenario](cluster, load)
        failed = time.monotonic()
        wait_for("sign-ups after it", lambda: load.created_since(failed) >= ENOUGH)
        bring_back()
        faults = wait_for_whole(cluster)
        load.end()
        users, followed = read_users_followed(cluster, followers)
        faults += judge(load.records, users, followed) + [fault for follower in followers for fault in follower.faults]
        assert not any(node.poll() is not None for node in nodes), "a node has ended"
        told = sum(1 for record in load.records if record[3] == 201)
        unsure = sum(1 for record in load.records if record[3] == 503)
        print(f"{scenario}: {told} told, {unsure} refused, {len(users)} stored, {len(faults)} faults; "
              f"{longest_pause([r for r in load.records if r[2] > begun - 5]):.1f} s without a sign-up; followers told to read the list anew: "
              f"{sum(follower.reloads for follower in followers)}")
        for fault in faults[:20]:
            print(f"  {fault}")
        return 1 if faults else 0
    except BaseException:
        for log in sorted(cluster.directory.glob("*.log")):
            if not log.name.startswith("etcd"):
                print(f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-15:], sep="\n", file=sys.stderr)
        raise
    finally:
        for follower in followers:
            follower.end()
        if load is not None:
            load.end()
        for node in nodes:
            node.kill()
            node.wait()
        cluster.stop()


if __name__ == "__main__":
    # A test that is stopped leaves nothing running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run(*sys.argv[1:]))
