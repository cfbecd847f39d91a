"""What happens to a site under load, one after the other, and what each of it excuses: lines of the logs, and answers. What is not excused
is a fault."""

import os
import resource
import signal
import subprocess
import time

from processes import wait_for

# Of the load itself, at any time: clients that do not read, or do not send. How long something takes is no fault here; it is counted.
ALWAYS = [r"event=deadline .*waiting=(peer|request)\b", r"event=(slow-request|loop-delayed)\b", r"event=repeated of=(deadline|slow-request|loop-delayed)",
          r"client intended to send too large body"]

# Seconds after its end, in which a disturbance still excuses something: nginx leaves a server that has failed out for 10 s, if there
# are several.
GRACE = 12
AWAY = [r"connect\(\) to unix:\S+ failed \((2: No such file|111: Connection refused)", r"no live upstreams", r"upstream server temporarily disabled",
        r"a-data is in use by process"]
BROKEN = [*AWAY, r"upstream prematurely closed", r"(recv|writev)\(\) failed \((104|32):", r"event=unclean-end", r"event=torn-tail"]
FULL = [r"event=store-full\b"]
DATABASE = [r"event=store-(disconnected|unreachable|failed)\b"]
GATEWAY, LOST = {"502", "504", "exit 69", "exit 75"}, {"lost"}
REFUSED = {"503", "exit 69", "exit 75"}


class Disturbance:
    """In turn, on one of the nodes. `excuses` are patterns of lines; `answers` are statuses."""

    excuses, answers = [], set()
    ends_lives = False  # the program is started anew
    stores = ("flat file", "database")

    def __init__(self, site, node, length):
        self.site, self.node, self.length = site, node, length

    def name(self):
        return self.__doc__.splitlines()[0]

    def run(self):
        raise NotImplementedError

    def last(self):
        time.sleep(self.length)

    def run_again(self):
        self.node.start()
        self.node.wait_until_ready()


class Restart(Disturbance):
    """SIGTERM, and a new start"""
    excuses, answers, ends_lives = AWAY, GATEWAY | REFUSED, True

    def run(self):
        self.node.stop()
        self.run_again()


class Kill(Disturbance):
    """kill -9, and a new start"""
    excuses, answers, ends_lives = BROKEN, GATEWAY | LOST, True

    def run(self):
        self.node.kill()
        self.run_again()


class KillOnFullDisk(Kill):
    """kill -9 while the disk is full, and a new start before there is room"""
    excuses, answers = [*BROKEN, *FULL, r"event=store-failed\b.*No space left"], GATEWAY | REFUSED | LOST
    stores = ("flat file",)

    def run(self):
        self.node.set_fault("full")
        self.node.kill()
        self.node.start()
        self.last()
        self.node.mend("full")
        self.node.wait_until_ready()


class FailedSync(Disturbance):
    """a disk that fails to sync, and a new start when it is mended"""
    excuses, answers, ends_lives = [*AWAY, r"event=store-failed\b.*Input/output error", "event=unclean-end"], GATEWAY | REFUSED, True
    stores = ("flat file",)

    def run(self):
        self.node.set_fault("unsynced")
        wait_for("the store fails", lambda: not self.node.is_ready())
        self.node.mend("unsynced")
        self.node.stop()
        self.run_again()


class ClockOfADayAgo(Disturbance):
    """kill -9, and a new start with the clock of the day before"""
    excuses, answers, ends_lives = BROKEN, GATEWAY | LOST, True

    def run(self):
        self.node.kill()
        self.node.set_clock(-86400)
        self.run_again()
        self.last()
        self.node.set_clock(0)


class Reload(Disturbance):
    """SIGHUP, with another title in the settings"""

    def run(self):
        log = self.node.child.log
        before = log.events["reloaded"]
        self.node.set_title()
        self.node.child.signal(signal.SIGHUP)
        log.wait("reloaded", before + 1)


class ReloadNginx(Disturbance):
    """nginx -s reload"""
    answers = LOST

    def run(self):
        self.site.nginx.signal(signal.SIGHUP)
        self.last()


class FullDisk(Disturbance):
    """a disk that is full for a while"""
    excuses, answers, fault = FULL, REFUSED, "full"
    stores = ("flat file",)

    def run(self):
        self.node.set_fault(self.fault)
        self.last()
        self.node.mend(self.fault)
        self.node.wait_until_ready()


class ShortWrites(FullDisk):
    """a disk that takes half of each write"""
    fault = "short"


class FileSizeLimit(FullDisk):
    """a file that the kernel lets grow no further"""

    def run(self):
        pid = self.node.child.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        # The file that requests are decoded in has room for the largest.
        limit = max(os.stat(self.node.data / "users.log").st_size + 500, 256 << 10)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, hard))
        self.last()
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        self.node.wait_until_ready()


class SlowDisk(Disturbance):
    """a disk that takes 0.4 s for each sync"""
    stores = ("flat file",)

    def run(self):
        self.node.set_fault("slow", "400")
        self.last()
        self.node.mend("slow")


class ClockForward(Disturbance):
    """a clock that is an hour ahead, and is set right"""

    def run(self):
        self.node.set_clock(3600)
        self.last()
        self.node.set_clock(0)


class ClockBack(Disturbance):
    """a clock that is an hour behind, and is set right"""

    def run(self):
        self.node.set_clock(-3600)
        self.last()
        self.node.set_clock(0)


class ServerRestart(Disturbance):
    """the database server is stopped, and started anew"""
    excuses, answers, stores, mode = DATABASE, REFUSED | GATEWAY, ("database",), "fast"

    def pg_ctl(self, *action):
        data = os.environ["DATABASE_DATA"]
        subprocess.run([*os.environ["DATABASE_AS"].split(), f"{os.environ['DATABASE_BIN']}/pg_ctl", "--pgdata", data, "--silent", "--wait",
                        *action], check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self):
        self.pg_ctl("stop", "--mode", self.mode)
        self.last()
        self.pg_ctl("start", "--log", f"{os.environ['DATABASE_DATA']}/server.log")
        for node in self.site.nodes:
            node.wait_until_ready()


class ServerCrash(ServerRestart):
    """the database server crashes, and recovers"""
    mode = "immediate"


class LostConnections(Disturbance):
    """the database server ends all connections"""
    excuses, answers, stores = DATABASE, REFUSED, ("database",)

    def run(self):
        subprocess.run([f"{os.environ['DATABASE_BIN']}/psql", os.environ["DATABASE_ADMIN_URL"], "--no-psqlrc", "--quiet", "--output", "/dev/null",
                        "--command", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rollcall_app'"], check=True)
        for node in self.site.nodes:
            node.wait_until_ready()


ALL = [Restart, ReloadNginx, FullDisk, Kill, ClockForward, Reload, KillOnFullDisk, ShortWrites, LostConnections, FailedSync, SlowDisk,
       ServerRestart, ClockOfADayAgo, FileSizeLimit, ClockBack, ServerCrash]
