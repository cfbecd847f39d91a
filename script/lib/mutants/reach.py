"""Which tests run which lines of app/, and how long each takes. What was found out is kept until a program or a test changes."""

import collections
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile

import suite


class Reach:
    """by_line[path][line]: the names of the tests that run it; seconds[name]."""

    def __init__(self):
        self.by_line = collections.defaultdict(lambda: collections.defaultdict(list))
        self.seconds = {}
        self.broken = []

    def add(self, name, found):
        if not found["passed"]:
            self.broken.append(name)
            return
        self.seconds[name] = found["seconds"]
        for path, lines in found["lines"].items():
            for line in lines:
                self.by_line[path][line].append(name)

    def of(self, path, lines):
        """Of all lines, if there are none."""
        lines = lines or self.by_line[path]
        names = (name for line in lines for name in self.by_line[path].get(line, ()))
        return list(dict.fromkeys(names))


def reach_of(build, tests, pool, kept):
    """Runs those of the tests that have changed since; `kept` is the file of what is known."""
    known = json.loads(kept.read_text()) if kept.exists() else {}
    keys = {test.name: _key(build, test) for test in tests}
    wanted = [test for test in tests if known.get(test.name, {}).get("key") != keys[test.name]]
    if wanted:
        print(f"mutants: running {len(wanted)} tests to see which lines they reach", flush=True)
    for name, found in pool.imap_unordered(_Counted(build), wanted):
        known[name] = dict(found, key=keys[name])
        partial = kept.with_suffix(".new")
        partial.write_text(json.dumps(known))
        partial.replace(kept)
    reach = Reach()
    for test in tests:
        reach.add(test.name, known[test.name])
    return reach


def _key(build, test):
    """Changes with the programs it runs and with the test's own file."""
    key = hashlib.sha1(repr(test).encode())
    files = [build.directory / program for program in test.programs]
    files += [pathlib.Path(word) for word in test.command if os.path.isabs(word) and word.endswith(".bats")]
    for file in files:
        key.update(file.read_bytes())
    return key.hexdigest()


class _Counted:
    """Runs a test and returns its name and what was counted."""

    def __init__(self, build):
        self.build = build

    def __call__(self, test):
        with tempfile.TemporaryDirectory(prefix="rollcall-reach-", dir="/tmp") as directory:
            os.chmod(directory, 0o777)
            os.umask(0)  # other users write there, too
            outcome = suite.run(test, test.limit, counts=f"{directory}/%m%c.profraw")
            os.umask(0o022)
            lines = self.lines_run(test, directory) if outcome.passed else {}
        return test.name, {"passed": outcome.passed, "seconds": outcome.seconds, "lines": lines}

    def lines_run(self, test, directory):
        raw = [str(file) for file in pathlib.Path(directory).glob("*.profraw")]
        if not raw or not test.programs:
            return {}
        merged = f"{directory}/merged"
        _tool("llvm-profdata", "merge", "--sparse", "--failure-mode=all", "-o", merged, *raw)
        programs = [str(self.build.directory / program) for program in test.programs]
        objects = [word for program in programs[1:] for word in ("-object", program)]
        return _read_lcov(
            _tool("llvm-cov", "export", "--format=lcov", "-instr-profile", merged, programs[0], *objects),
            f"{self.build.root}/app/",
        )


def _tool(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()


def _read_lcov(text, prefix):
    lines, path = {}, None
    for line in text.splitlines():
        if line.startswith("SF:"):
            file = os.path.normpath(line[3:])  # ccache makes it one that goes up from the build and down again
            path = "app/" + file.removeprefix(prefix) if file.startswith(prefix) else None
        elif path and line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            if int(count) > 0:
                lines.setdefault(path, []).append(int(number))
    return lines
