"""Three PostgreSQL servers under Patroni, with three etcd, on this machine: every process a child of this one, in a directory of
its own. Killed, stopped and brought back as machines would be: a machine is a server with its Patroni."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

TTL = 20  # seconds after which a primary that says nothing is given up
TIMEOUT = 120  # for what the cluster does by itself

PATRONI = """
scope: rollcall
name: {name}
restapi: {{listen: '127.0.0.1:{rest}', connect_address: '127.0.0.1:{rest}'}}
etcd: {{hosts: {etcd}}}
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    primary_start_timeout: 0
    postgresql:
      use_pg_rewind: true
      parameters:
        wal_level: replica
        max_wal_senders: 8
        max_connections: 50
        shared_buffers: 64MB
        synchronous_commit: 'on'
        wal_log_hints: 'on'
  initdb: [{{encoding: UTF8}}, {{locale: C}}]
  pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {directory}/data-{name}
  bin_dir: {bin}
  pgpass: {directory}/pgpass-{name}
  use_unix_socket: true
  authentication:
    superuser: {{username: postgres, password: x}}
    replication: {{username: replicator, password: x}}
    rewind: {{username: postgres, password: x}}
  parameters: {{unix_socket_directories: '{directory}'}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what, condition, timeout=TIMEOUT):
    """Returns what the condition returns, once that is true."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {timeout} s: {what}")


def processes_below(pid):
    """A process and all that it has started, the youngest last."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += processes_below(int(child))
    except OSError:
        pass  # it has ended
    return found


class Cluster:
    def __init__(self, names=("a", "b", "c")):
        self.names = names
        # Sockets have short paths.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-failover.", dir="/tmp"))
        self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.children = {}
        self.ports = {name: free_port() for name in names}
        self.rest = {name: free_port() for name in names}
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")
        self.directory.chmod(0o755)

    def spawn(self, name, *command):
        """PostgreSQL refuses to run as root."""
        log = open(self.directory / f"{name}.log", "ab")
        prefix = ["setpriv", "--pdeathsig", "KILL"]
        if os.geteuid() == 0:
            prefix += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.children[name] = subprocess.Popen([*prefix, "--", *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                               cwd=self.directory, start_new_session=True)

    def start(self):
        clients = {name: free_port() for name in self.names}
        peers = {name: free_port() for name in self.names}
        members = ",".join(f"etcd-{name}=http://127.0.0.1:{peers[name]}" for name in self.names)
        for name in self.names:
            self.spawn(f"etcd-{name}", "etcd", "--name", f"etcd-{name}", "--data-dir", f"{self.directory}/etcd-{name}",
                       "--listen-client-urls", f"http://127.0.0.1:{clients[name]}",
                       "--advertise-client-urls", f"http://127.0.0.1:{clients[name]}",
                       "--listen-peer-urls", f"http://127.0.0.1:{peers[name]}",
                       "--initial-advertise-peer-urls", f"http://127.0.0.1:{peers[name]}",
                       "--initial-cluster", members, "--initial-cluster-state", "new",
                       "--enable-v2", "--heartbeat-interval", "200", "--election-timeout", "2000")
        etcd = [f"127.0.0.1:{port}" for port in clients.values()]
        for name in self.names:
            config = PATRONI.format(name=name, rest=self.rest[name], etcd=etcd, ttl=TTL, port=self.ports[name],
                                    directory=self.directory, bin=self.bin)
            (self.directory / f"{name}.yml").write_text(config)
        self.start_machine(self.names[0])
        wait_for("a first primary", self.primary)
        for name in self.names[1:]:
            self.start_machine(name)
        self.wait_until_whole()

    def start_machine(self, name):
        self.spawn(name, "patroni", f"{self.directory}/{name}.yml")

    def members(self):
        """As the first Patroni that answers has them."""
        for name in self.names:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.rest[name]}/cluster", timeout=2) as answer:
                    return {member["name"]: member for member in json.load(answer)["members"]}
            except (OSError, ValueError):
                continue
        return {}

    def primary(self):
        """The server that takes writes, by what it says itself."""
        for name in self.names:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.rest[name]}/primary", timeout=2):
                    return name
            except OSError:
                continue
        return None

    def synchronous(self):
        """The standby that commits wait for."""
        for name, member in self.members().items():
            if member["role"] == "sync_standby" and member.get("state") in ("running", "streaming"):
                return name
        return None

    def is_whole(self):
        members = self.members()
        running = [member for member in members.values() if member.get("state") in ("running", "streaming")]
        return len(running) == len(self.names) and self.primary() is not None and self.synchronous() is not None

    def wait_until_whole(self):
        wait_for("all three servers, one of them the primary, one synchronous", self.is_whole)

    def machine(self, name):
        """The processes of a server and its Patroni. The server was started by Patroni, but is no child of it."""
        found = processes_below(self.children[name].pid)
        pidfile = self.directory / f"data-{name}" / "postmaster.pid"
        if pidfile.exists():
            found += processes_below(int(pidfile.read_text().splitlines()[0]))
        return found

    def signal_machine(self, name, number):
        for pid in self.machine(name):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def kill_machine(self, name):
        self.signal_machine(name, signal.SIGKILL)
        self.children[name].wait()

    def switch_over(self, leader, candidate):
        subprocess.run(["patronictl", "-c", f"{self.directory}/{leader}.yml", "switchover", "rollcall", "--leader", leader,
                        "--candidate", candidate, "--force"], check=True, stdout=subprocess.DEVNULL, timeout=TIMEOUT)

    def address(self, user="rollcall_app"):
        hosts = ",".join([str(self.directory)] * len(self.names))
        ports = ",".join(str(self.ports[name]) for name in self.names)
        return f"postgresql:///rollcall?host={hosts}&port={ports}&user={user}&target_session_attrs=read-write"

    def psql(self, sql, database="rollcall"):
        """On the primary."""
        command = [self.bin / "psql", "-h", self.directory, "-p", str(self.ports[self.primary()]), "-U", "postgres", "-d", database,
                   "-X", "-q", "-A", "-t", "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT).stdout

    def stop(self):
        for name in [*self.names, *(f"etcd-{name}" for name in self.names)]:
            if name in self.children and self.children[name].poll() is None:
                if name in self.names:
                    self.signal_machine(name, signal.SIGKILL)
                else:
                    self.children[name].kill()
                self.children[name].wait()
        for name in self.names:  # of a Patroni that was killed before
            if name in self.children:
                self.signal_machine(name, signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)
