"""The programs of a soak, each a child of this process in a directory of its own: nodes, and nginx in front of them with the site as it is
shipped. What they log is read as it comes, and kept if it is a warning or worse."""

import collections
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time

import fastcgi

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEVEL = re.compile(r"\blevel=(\w+) event=(\S+)")
NGINX_LEVEL = re.compile(r"\[(\w+)\]")


def wait_for(what, condition, timeout=60):
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {timeout} s: {what}")


class Log:
    """Reads the standard error of a process to its end."""

    def __init__(self, source, stream, complaints):
        self.source, self.stream, self.complaints = source, stream, complaints
        self.events = collections.Counter()
        self.last, self.is_over = "", False
        self.seen = threading.Condition()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.stream:
            if b" level=info event=request " in line:
                continue  # nearly all are
            text = line.decode().rstrip("\n")
            found = LEVEL.search(text)
            level = found[1] if found else (NGINX_LEVEL.search(text) or [0, "error"])[1]
            with self.seen:
                self.events[found[2] if found else level] += 1
                self.last = text
                self.seen.notify_all()
            if level not in ("info", "notice", "debug"):
                self.complaints.append((time.monotonic(), self.source, text))
        with self.seen:
            self.is_over = True
            self.seen.notify_all()

    def wait(self, event, count, timeout=60):
        """Until the event has come so often; fails if the log ends before."""
        with self.seen:
            self.seen.wait_for(lambda: self.events[event] >= count or self.is_over, timeout)
            if self.events[event] < count:
                raise AssertionError(f"{self.source} has not logged {event}; its last line: {self.last}")

    def end(self):
        self.thread.join(10)
        if self.thread.is_alive():
            raise AssertionError(f"{self.source} has ended, and something of it goes on")
        self.stream.close()


class Child:
    """A process that ends with the thread that starts it, the main one. Signals of the terminal do not reach it."""

    def __init__(self, name, command, complaints, environment=None):
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *map(str, command)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
                                        env={**os.environ, **(environment or {})})
        self.log = Log(name, self.process.stderr, complaints)

    def is_running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def end(self, number, timeout=30):
        self.signal(number)
        status = self.process.wait(timeout)
        self.log.end()
        return status

    def end_at_once(self):
        """With those that it has started: workers of nginx outlive one that is killed."""
        if self.is_running():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Node:
    """A server, through all its lives."""

    def __init__(self, site, name):
        self.site, self.name = site, name
        self.socket = site.directory / f"{name}.sock"
        self.data = site.directory / f"{name}-data"
        self.faults = site.directory / f"{name}-faults"  # files of faulty_disk
        self.step = site.directory / f"{name}-step"  # of stepped_clock
        self.config = site.directory / f"{name}.conf"
        self.child, self.life, self.titles = None, 0, 0
        self.data.mkdir()
        self.faults.mkdir()
        self.set_clock(0)
        self.set_title()

    def store(self):
        return ["--store", self.site.store] if self.site.store else ["--data", self.data]

    def start(self):
        """A command of the organiser that found no server may have the list for a moment: then again."""
        wait_for(f"{self.name} starts", self.is_started)

    def is_started(self):
        environment = {"LD_PRELOAD": f"{self.site.programs.faulty_disk} {self.site.programs.stepped_clock}",
                       "FAULTY_DISK": str(self.faults), "STEPPED_CLOCK": str(self.step)}
        self.child = Child(self.name, [self.site.programs.rollcall, "--listen", f"unix:{self.socket}", *self.store(),
                                       "--config", self.config, "--www", self.site.programs.www, "--public-export", "on",
                                       "--request-timeout", "4000", "--first-request-timeout", "2000", "--heartbeat", "2000"],
                           self.site.complaints, environment)
        try:
            self.child.log.wait("ready", 1)
        except AssertionError:
            if "is in use by process" not in self.child.log.last:
                raise
            self.child.process.wait(10)
            return False
        self.life += 1
        return True

    def stop(self):
        status = self.child.end(signal.SIGTERM)
        if status != 0 or " event=stopped" not in self.child.log.last:
            self.site.faults.append(f"{self.name} ended with {status} after SIGTERM; its last line: {self.child.log.last}")

    def kill(self):
        self.child.end(signal.SIGKILL)

    def is_ready(self):
        try:
            return fastcgi.ask(self.socket, "/readyz")[0] == 200
        except (OSError, EOFError):
            return False

    def wait_until_ready(self):
        wait_for(f"{self.name} is ready", self.is_ready)

    def set_fault(self, name, text=""):
        (self.faults / name).write_text(text)

    def mend(self, name):
        (self.faults / name).unlink()

    def set_clock(self, seconds):
        """In place: the program has the file mapped."""
        with open(self.step, "r+b" if self.step.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))

    def set_title(self):
        self.titles += 1
        self.config.write_text(f"ROLLCALL_TITLE=Soak {self.titles}\n")

    def run(self, *command):
        """A command of the organiser: its exit status and what it says."""
        listen = [] if self.site.store or command[0] == "export" else ["--listen", f"unix:{self.socket}"]
        done = subprocess.run([self.site.programs.rollcall, *map(str, [*command, *self.store(), *listen])],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr.strip()

    def users(self):
        """Number and name of all on the list."""
        status, listed, said = self.run("export", "--format", "jsonl")
        if status != 0:
            raise AssertionError(f"the list cannot be exported: {said}")
        return [(user["number"], user["username"]) for user in map(json.loads, listed.splitlines())]


class Site:
    def __init__(self, programs, store, names):
        self.programs, self.store = programs, store
        # Sockets have short paths.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-soak.", dir="/tmp"))
        self.web = self.directory / "http.sock"
        self.complaints, self.faults = [], []
        self.nginx = None
        self.nodes = [Node(self, name) for name in names]

    def start_nginx(self):
        """The site of the shell's tests, without their log of requests, and with all nodes behind it."""
        script = 'source "$1/script/lib/site.bash"; render_site "$2" "unix:$3" "unix:$4" "$5"; nginx_command "$2"; printf "%s\\0" "${nginx_command[@]}"'
        command = subprocess.run(["bash", "-euc", script, "bash", ROOT, self.directory, self.web, self.nodes[0].socket, self.programs.www],
                                 check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")[:-1]
        self.edit("nginx.conf", "access_log access.log rollcall;", "access_log off;")
        upstream = f'\tserver "unix:{self.nodes[0].socket}";\n'
        self.edit("rollcall.conf", upstream, "".join(f'\tserver "unix:{node.socket}";\n' for node in self.nodes))
        self.nginx = Child("nginx", command, self.complaints)
        wait_for("nginx listens", self.web.exists)

    def edit(self, name, old, new):
        path = self.directory / name
        text = path.read_text()
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new))

    def stop_nginx(self):
        status = self.nginx.end(signal.SIGQUIT)
        self.nginx = None
        if status != 0:
            self.faults.append(f"nginx ended with {status}")

    def remove(self):
        for child in [self.nginx, *(node.child for node in self.nodes)]:
            if child is not None:
                child.end_at_once()
        shutil.rmtree(self.directory, ignore_errors=True)
