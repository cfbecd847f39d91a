"""The tests that ctest knows of a build, in the order in which they are tried, and how one is run so that nothing of it is left."""

import collections
import ctypes
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

# The cheapest kinds first. Other kinds (browser, deploy, documents …) are never run: they take long, or test other things than app/.
KINDS = ["unit", "fuzz", "differential", "protocol", "store", "commands", "crash", "http", "faults", "database"]
MEMORY = 6 << 30  # bytes: a mutant may allocate without end
FILE = 4 << 30  # and write without end
SANITIZED = KINDS[: KINDS.index("store") + 1]  # tried again with the sanitizers
BECOME_SUBREAPER = 36

Test = collections.namedtuple("Test", "name rank command environment directory limit skip_code expected programs")
Outcome = collections.namedtuple("Outcome", "passed seconds")


def tests_of(build, kinds):
    listed = json.loads(subprocess.check_output(["ctest", "--show-only=json-v1", "--test-dir", build.directory]))
    tests = []
    for entry in listed["tests"]:
        properties = {one["name"]: one["value"] for one in entry["properties"]}
        ranks = [KINDS.index(label) for label in properties.get("LABELS", []) if label in kinds]
        # crash.mutant.* are mutants themselves.
        if not ranks or "command" not in entry or ".mutant." in entry["name"]:
            continue
        command, environment = entry["command"], properties.get("ENVIRONMENT", [])
        tests.append(
            Test(
                entry["name"],
                max(ranks),
                command,
                environment,
                properties.get("WORKING_DIRECTORY", str(build.directory)),
                properties.get("TIMEOUT", 1500),
                properties.get("SKIP_RETURN_CODE"),
                properties.get("PASS_REGULAR_EXPRESSION", []),
                build.programs_in(command + environment),
            )
        )
    return tests


def be_alone():
    """In a process that runs tests: what they leave behind becomes its child, and is ended after each."""
    ctypes.CDLL(None).prctl(BECOME_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def run(test, limit, moves=None, counts="/dev/null", memory=MEMORY):
    """Runs it with other programs: moves has the path of each in place of the build's. What runs is counted in `counts`."""

    def moved(word):
        for old, new in (moves or {}).items():
            word = re.sub(re.escape(old) + "$", new, word)
        return word

    # Short: tests make the paths of sockets in it. Tests run what they start as other users, too.
    with tempfile.TemporaryDirectory(prefix="rollcall-mutant-", dir="/tmp", ignore_cleanup_errors=True) as temporary:
        os.chmod(temporary, 0o755)
        settings = dict(os.environ, TMPDIR=temporary, LLVM_PROFILE_FILE=counts)
        settings.update(moved(one).split("=", 1) for one in test.environment)
        code, seconds, output = _run([moved(word) for word in test.command], test.directory, settings, limit, memory)
    passed = code is not None and (code == 0 or code == test.skip_code)
    if test.expected:
        passed = code is not None and any(re.search(pattern, output) for pattern in test.expected)
    return Outcome(passed, seconds)


def _run(command, directory, settings, limit, memory):
    """Its exit code, None if it took longer than the limit; the time it took; and what it printed."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as printed:
        child = subprocess.Popen(
            command,
            cwd=directory,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: _limit(memory),
        )
        code = None
        try:
            code = child.wait(limit)
        except subprocess.TimeoutExpired:
            pass
        finally:
            seconds = time.monotonic() - began
            _end_children(child)
        printed.seek(0)
        return code, seconds, printed.read().decode(errors="replace")


def _limit(memory):
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_children(child):
    """Ends the test, if it has not ended, and what it has left."""
    if child.returncode is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    while True:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            left = file.read().split()
        if not left:
            return
        for pid in map(int, left):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
