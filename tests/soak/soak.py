#!/usr/bin/env -S python3 -B
"""Rollcall under a mixed load, with disturbances, for as long as it is told; and the verdict.

    soak.py BUILD MINUTES [--interval SECONDS] [--seed N]

BUILD is a folder with the program and what is preloaded into it. With DATABASE_URL in the environment two nodes have their list there
(tests/support/with-postgres), else one node has a flat file.

In the first half everything happens, also restarts. Before the second half there is a last one, so that from then on each node is one
process, whose memory and descriptors have to be flat. At the end nobody may be missing, nobody there twice, each follower must know the
list, and the logs must have nothing but what a disturbance excuses."""

import argparse
import collections
import os
import pathlib
import random
import re
import signal
import sys
import time
import types

import disturbances
import vitals
from ledger import Ledger
from processes import ROOT, Site, wait_for
from visitors import Aborter, Crowd, Follower, Mute, Organiser, Passer, Reader, SignUp

VISITORS = {SignUp: 6, Reader: 4, Follower: 4, Passer: 4, Mute: 6, Aborter: 2, Organiser: 1}
MOST_USERS = 1500
COLUMNS = ["node", "life", "users", "requests", "memory", "descriptors", "threads", "connections", "streams", "blocked"]


class Soak:
    def __init__(self, programs, minutes, interval, seed):
        self.minutes, self.interval = minutes, interval
        self.store = os.environ.get("DATABASE_URL")
        self.site = Site(programs, self.store, ["a", "b"] if self.store else ["a"])
        self.ledger = Ledger(seed)
        self.crowd = Crowd(self.site.web, self.site.nodes, self.ledger, seed, MOST_USERS)
        self.dice = random.Random(seed)
        self.samples, self.windows, self.faults = [], [], []
        self.begun = self.ended = self.next_sample = 0

    def run(self):
        self.start()
        self.disturb()
        self.ended = time.monotonic()
        self.empty()
        self.judge_rest()
        return self.tell()

    def start(self):
        for node in self.site.nodes:
            node.start()
            node.wait_until_ready()
        self.site.start_nginx()
        for kind, count in VISITORS.items():
            self.crowd.begin(kind, count)
        self.begun = self.next_sample = time.monotonic()

    def look(self, what=""):
        """A line for each node, if it is time for one."""
        if time.monotonic() < self.next_sample:
            return
        if not self.samples:
            print("  seconds", *(f"{column:>11}" for column in COLUMNS), " disturbance", flush=True)
        self.next_sample = time.monotonic() + self.interval
        for node in self.site.nodes:
            sample = vitals.read_node(node)
            if sample is not None:
                self.samples.append(sample)
                shown = [f"{sample[c] >> 10} KiB" if c == "memory" else sample[c] for c in COLUMNS]
                print(f"{sample['time'] - self.begun:9.0f}", *(f"{value:>11}" for value in shown), f" {what}", flush=True)

    def wait_until(self, moment):
        while time.monotonic() < moment:
            self.look()
            time.sleep(max(0, min(moment, self.next_sample) - time.monotonic()))

    def kinds(self, ends_lives):
        store = "database" if self.store else "flat file"
        return [kind for kind in disturbances.ALL if store in kind.stores and (ends_lives or not kind.ends_lives)]

    def disturb(self):
        """In slots of the same length, a disturbance at the beginning of each."""
        half = self.minutes * 30
        first, second = self.kinds(True), self.kinds(False)
        slot = min(30, half / (len(first) + 1))
        self.disturb_until(self.begun + half * 0.9, first, slot)
        for node in self.site.nodes:
            self.disturb_once(disturbances.Restart, node, slot)
        self.wait_until(self.begun + half)
        self.disturb_until(self.begun + 2 * half, second, slot)

    def disturb_until(self, end, kinds, slot):
        turn = 0
        while time.monotonic() + slot < end:
            next_turn = time.monotonic() + slot
            self.disturb_once(kinds[turn % len(kinds)], self.dice.choice(self.site.nodes), slot)
            turn += 1
            self.wait_until(next_turn)
        self.wait_until(end)

    def disturb_once(self, kind, node, slot):
        begun = time.monotonic()
        disturbance = kind(self.site, node, min(5, slot / 3))
        disturbance.run()
        self.windows.append((begun, time.monotonic(), disturbance))
        self.look(f"{disturbance.name()} ({node.name})")

    def empty(self):
        """All clients go; the followers when they have heard of everything."""
        self.crowd.end()
        self.listed = self.site.nodes[0].users()
        for follower in self.crowd.followers():
            try:
                wait_for("a follower knows the list", lambda: follower.known == dict(self.listed), timeout=30)
            except AssertionError:
                self.faults.append(f"a follower does not know the list: {describe_difference(follower.known, dict(self.listed))}")
        self.crowd.is_empty.set()
        self.crowd.join(lambda visitor: isinstance(visitor, Follower))
        self.site.stop_nginx()
        for node in self.site.nodes[1:]:
            if node.users() != self.listed:
                self.faults.append(f"{node.name} has another list")

    def judge_rest(self):
        """A node without clients has nothing left of them: as many descriptors as one that was just started."""
        for node in self.site.nodes:
            rest = self.sample_at_rest(node)
            node.stop()
            node.start()
            node.wait_until_ready()
            fresh = self.sample_at_rest(node)
            print(f"{node.name} at rest: {rest['memory'] >> 10} KiB, {rest['descriptors']} descriptors; after a new start with the same list: "
                  f"{fresh['memory'] >> 10} KiB, {fresh['descriptors']} descriptors")
            if rest["descriptors"] != fresh["descriptors"]:
                self.faults.append(f"{node.name} kept {rest['descriptors'] - fresh['descriptors']} descriptors")
            if fresh["users"] != len(self.listed):
                self.faults.append(f"{node.name} lists {fresh['users']} users after a new start, and {len(self.listed)} before")
            node.stop()

    def sample_at_rest(self, node):
        found = {}

        def is_at_rest():
            found.update(vitals.read_node(node) or {"streams": 1})
            return (found["streams"], found.get("connections"), found.get("under_way"), found["waiting"], found["jobs"]) == (0, 1, 1, 0, 0)

        try:
            wait_for("it is at rest", is_at_rest, timeout=20)
        except AssertionError:
            self.faults.append(f"{node.name} does not come to rest: {found}")
        # Without the connection that asked, which the program closes a moment later.
        time.sleep(0.5)
        return {**found, **vitals.read_process(node.child.process.pid)}

    def is_excused(self, moment, text):
        return any(begun <= moment <= ended + disturbances.GRACE and any(re.search(pattern, text) for pattern in disturbance.excuses)
                   for begun, ended, disturbance in self.windows)

    def judge_log(self):
        """How often each complaint came, by its event."""
        counts = collections.Counter()
        for moment, source, text in self.site.complaints:
            event = re.search(r"event=\S+( of=\S+)?|failed \([^)]*\)|upstream prematurely closed|no live upstreams|too large body", text)
            counts[source, event[0] if event else text[:60]] += 1
            if not any(re.search(pattern, text) for pattern in disturbances.ALWAYS) and not self.is_excused(moment, text):
                self.faults.append(f"{moment - self.begun:.0f} s, {source} logged: {text}")
        return counts

    def judge_answers(self):
        for moment, what in self.crowd.unwanted:
            status = what.rpartition(": ")[2]
            if not any(begun <= moment <= ended + disturbances.GRACE and status in disturbance.answers
                       for begun, ended, disturbance in self.windows):
                self.faults.append(f"{moment - self.begun:.0f} s, {what}")

    def tell(self):
        print("\nDisturbances:", ", ".join(f"{count} x {name}" for name, count in
                                           collections.Counter(window[2].name() for window in self.windows).items()))
        print("Clients:", ", ".join(f"{count} x {kind} {status}" for (kind, status), count in sorted(self.crowd.counts.items(), key=str)))
        print("Logs, beside what is info:", ", ".join(f"{count} x {source} {event}" for (source, event), count in self.judge_log().items()) or "nothing")
        followers = self.crowd.followers()
        print(f"Followers: {sum(f.events for f in followers)} events in {sum(f.streams for f in followers)} streams, "
              f"{sum(f.reloads for f in followers)} told to read the list anew")
        print(f"Told: {self.ledger.told} users; {len(self.listed)} on the list at the end")
        for node in self.site.nodes:
            lines, faults = vitals.judge([s for s in self.samples if s["node"] == node.name], self.begun, self.ended)
            print(*(f"{node.name}: {line}" for line in lines), sep="\n")
            self.faults += [f"{node.name}: {fault}" for fault in faults]
        self.judge_answers()
        self.faults += self.site.faults + self.ledger.faults + self.ledger.judge(self.listed)
        for fault in self.faults[:50]:
            print(f"FAULT: {fault}")
        print(f"{len(self.faults)} faults")
        return 1 if self.faults else 0


def describe_difference(known, listed):
    missing = sorted(listed.items() - known.items())
    surplus = sorted(known.items() - listed.items())
    return f"{len(missing)} missing, such as {missing[:3]}, and {len(surplus)} that are not there, such as {surplus[:3]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--interval", type=float, default=5, help="seconds between two lines of the table")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    programs = types.SimpleNamespace(rollcall=build / "app/rollcall", www=build / "www",
                                     faulty_disk=build / "tests/support/libfaulty_disk.so",
                                     stepped_clock=build / "tests/soak/libstepped_clock.so")
    print(f"seed {arguments.seed}", flush=True)
    soak = Soak(programs, arguments.minutes, arguments.interval, arguments.seed)
    # One that is stopped leaves nothing running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return soak.run()
    finally:
        soak.crowd.is_over.set()
        soak.crowd.is_empty.set()
        soak.site.remove()


if __name__ == "__main__":
    sys.exit(main())
