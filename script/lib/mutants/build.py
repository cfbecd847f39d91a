"""The build that mutants are made from: how its files are compiled and its programs linked, to do so again with one file changed.

It counts what runs (for reach.py), and is not built anew for a mutant: its object is linked in place of the one in the library."""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

# Counted in a file that is mapped, so that what a killed process ran is counted, too. Without LLVM_PROFILE_FILE nothing is written.
COUNT = ["-fprofile-instr-generate=/dev/null", "-fcoverage-mapping", "-mllvm", "-runtime-counter-relocation"]


class Build:
    def __init__(self, root, directory, sanitizers=""):
        self.sanitizers = sanitizers
        self.root = pathlib.Path(root)
        self.directory = pathlib.Path(directory)

    def configure(self):
        subprocess.run(
            ["cmake", "-S", self.root, "-B", self.directory, "-G", "Ninja", "--log-level=WARNING", "-DBUILD_TESTING=ON"]
            + ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_COMPILER=clang", "-DCMAKE_C_FLAGS_DEBUG=-O1", "-DCMAKE_C_FLAGS=" + " ".join(COUNT)]
            + ["-DCMAKE_EXE_LINKER_FLAGS=-Wno-unused-command-line-argument", "--no-warn-unused-cli"]
            + ["-DROLLCALL_SANITIZE=" + self.sanitizers],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        compiled = json.loads((self.directory / "compile_commands.json").read_text())
        self.sources = {os.path.relpath(one["file"], self.root): one for one in compiled}
        edges = json.loads(subprocess.check_output(["ninja", "-C", self.directory, "-t", "compdb", "-x"]))
        self.edges = {edge["output"]: edge["command"] for edge in edges if edge["output"]}

    def make(self):
        subprocess.run(["cmake", "--build", self.directory], check=True, stdout=sys.stderr)

    def files_of(self, prefix):
        return sorted(path for path in self.sources if path.startswith(prefix))

    def object_of(self, path):
        return _output(self.sources[path]["command"])

    def holders_of(self, path):
        """The object of a file, and the libraries that have it."""
        made = self.object_of(path)
        return [made] + [output for output, command in self.edges.items() if output.endswith(".a") and made in command.split()]

    def programs_in(self, words):
        """The programs of the build that these words name, relative to it."""
        found = set()
        for word in words:
            for part in (word, word.partition("=")[2]):
                name = os.path.relpath(part, self.directory) if os.path.isabs(part) else ""
                if name in self.edges and os.access(part, os.X_OK) and not name.endswith((".a", ".so")):
                    found.add(name)
        return sorted(found)

    def is_made_of(self, program, holders):
        words = self.edges[program].split()
        return any(holder in words for holder in holders)

    def compile(self, path, source, output, final=False):
        """Compiles `source` as `path` is compiled; `final`: as for use, without what counts. Returns whether it could be."""
        entry = self.sources[path]
        words = shlex.split(entry["command"])
        words[words.index("-o") + 1] = str(output)
        words = [str(source) if word == entry["file"] else word for word in words]
        if final:
            words = [word for word in words if word not in COUNT and not word.startswith(("-O", "-g"))] + ["-O2"]
        return _run(words + ["-w"], entry["directory"])

    def link(self, program, path, changed, output):
        """Links `program` with the object `changed` in place of that of `path`."""
        output.parent.mkdir(parents=True, exist_ok=True)
        command, own = self.edges[program], self.object_of(path)
        if own in command.split():
            command = command.replace(f" {own} ", f" {changed} ")
        else:  # what comes before the library is taken in place of its own
            command = command.replace(" -o ", f" {changed} -o ", 1)
        command = command.replace(f" -o {program} ", f" -o {output} ")
        return _run(["sh", "-c", command], self.directory)

    def furnish(self, place):
        """Puts beside the programs of `place` what those of the build have beside them."""
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        if (self.directory / "www").exists():
            (place / "www").symlink_to(self.directory / "www")


def _output(command):
    words = shlex.split(command)
    return words[words.index("-o") + 1]


def _run(words, directory):
    return subprocess.run(words, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
