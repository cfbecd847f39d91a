"""One mutant: compiled, compared, linked into the programs of the tests that reach it, and tried on them until one fails. What survives is
tried once more with the sanitizers, which find what is leaked, or used after it is gone."""

import collections
import os
import pathlib
import resource

import suite

CAUGHT, SURVIVED, EQUIVALENT, UNBUILDABLE = "caught", "survived", "equivalent", "unbuildable"
STEADY = suite.KINDS.index("fuzz")  # kinds up to this one don't depend on the load
PATIENCE = (10, 8)  # seconds, and times as long as the test takes of itself: a mutant that needs longer is caught

Verdict = collections.namedtuple("Verdict", "outcome test tests")


class Stage:
    """A build and its tests, and the programs that were linked for the mutant at hand."""

    def __init__(self, build, tests, slowness=1):
        self.build, self.slowness = build, slowness
        # The address sanitizer reserves terabytes.
        self.memory = resource.RLIM_INFINITY if build.sanitizers else suite.MEMORY
        self.tests = {test.name: test for test in tests}
        self.sound = {}

    def begin(self, place):
        self.place, self.moves = place, {}
        self.build.furnish(place)

    def link(self, test, path, changed):
        holders = self.build.holders_of(path)
        for program in test.programs:
            old, new = str(self.build.directory / program), self.place / program
            if old not in self.moves and self.build.is_made_of(program, holders):
                if not self.build.link(program, path, changed, new):
                    return False
                self.moves[old] = str(new)
        return True

    def fails(self, test, seconds):
        limit = PATIENCE[0] + PATIENCE[1] * seconds * self.slowness
        tries = 1 if test.rank <= STEADY else 2
        if any(suite.run(test, limit, self.moves, memory=self.memory).passed for _ in range(tries)):
            return False
        return self.is_sound(test)

    def is_sound(self, test):
        """Whether it passes without a change. Where each was counted, that is known."""
        if self.build.sanitizers and test.name not in self.sound:
            self.sound[test.name] = suite.run(test, test.limit, memory=self.memory).passed
        return self.sound.get(test.name, True)


class Trial:
    def __init__(self, stages, reach):
        self.stages, self.reach = stages, reach
        self.build = stages[0].build
        self.originals = {}

    def __call__(self, mutant):
        self.place = self.build.directory.parent / f"worker-{os.getpid()}"
        for at, stage in enumerate(self.stages):
            stage.begin(self.place / str(at))
        source = self.place / pathlib.Path(mutant.path).name
        original = self.original(mutant.path, source)
        text = self.text_of(mutant.path)
        source.write_bytes(text[: mutant.start] + mutant.new.encode() + text[mutant.end :])
        final = self.final_object(mutant.path, source)
        if final is None:
            return Verdict(UNBUILDABLE, None, 0)
        if final == original:
            return Verdict(EQUIVALENT, None, 0)
        return self.try_on(mutant, source)

    def text_of(self, path):
        return (self.build.root / path).read_bytes()

    def original(self, path, source):
        if path not in self.originals:
            source.write_bytes(self.text_of(path))
            self.originals[path] = self.final_object(path, source)
        return self.originals[path]

    def final_object(self, path, source):
        """What the source is compiled to for use, or None."""
        output = self.place / "final.o"
        return output.read_bytes() if self.build.compile(path, source, output, final=True) else None

    def try_on(self, mutant, source):
        names = self.names_for(mutant)
        for stage in self.stages:
            changed = stage.place / "mutant.o"
            if not stage.build.compile(mutant.path, source, changed):
                return Verdict(UNBUILDABLE, None, 0)
            for test in (stage.tests[name] for name in names if name in stage.tests):
                if not stage.link(test, mutant.path, changed):
                    return Verdict(UNBUILDABLE, test.name, 0)
                if stage.fails(test, self.reach.seconds[test.name]):
                    sanitized = " with the sanitizers" if stage.build.sanitizers else ""
                    return Verdict(CAUGHT, test.name + sanitized, len(names))
        return Verdict(SURVIVED, None, len(names))

    def names_for(self, mutant):
        """The tests that reach it, or its file if it is in no function: that of the file, then by kind and time."""
        lines = range(mutant.line, mutant.line + mutant.old.count("\n") + 1) if mutant.within else []
        own = "." + mutant.path.removeprefix("app/").removesuffix(".c").replace("/", ".")
        tests = self.stages[0].tests
        names = [name for name in self.reach.of(mutant.path, lines) if name in tests]
        return sorted(names, key=lambda name: (not name.endswith(own), tests[name].rank, self.reach.seconds[name]))
