"""What the drivers share: inputs, the answers of our program (doors.h) and of another, and their comparison."""

import itertools
import os
import random
import subprocess
import unittest
from collections import namedtuple

# Where the other answers otherwise, and why: `applies` to an input and their answer, for which `ours` says what ours has to be.
Difference = namedtuple("Difference", "why applies ours")

SHOWN = 5


def ask(door, inputs):
    """The answers to the inputs, each bytes or several of them. An answer is a list of words, as str, and bytes."""
    lines = [" ".join(field.hex() for field in ([each] if isinstance(each, bytes) else each)) + "\n" for each in inputs]
    run = subprocess.run(
        [os.environ["DIFFERENTIAL_DOORS"], door], input="".join(lines), stdout=subprocess.PIPE, encoding="ascii", check=True
    )
    answers = run.stdout.splitlines()
    if len(answers) != len(lines):
        raise AssertionError(f"{door}: {len(answers)} answers to {len(lines)} inputs")
    return [[bytes.fromhex(word[1:]) if word[0] == "=" else word for word in answer.split()] for answer in answers]


def texts_of(parts, most):
    """Every text of up to `most` of these parts."""
    for length in range(most + 1):
        for text in itertools.product(parts, repeat=length):
            yield b"".join(text)


def seeded():
    """The same random numbers in each run; DIFFERENTIAL_SEED makes others."""
    seed = int(os.environ.get("DIFFERENTIAL_SEED", "1"))
    print(f"DIFFERENTIAL_SEED={seed}")
    return random.Random(seed)


class Comparison(unittest.TestCase):
    """A test that compares answers."""

    def compare(self, what, inputs, ours, theirs, differences=()):
        """Fails where ours is not theirs, or what a difference makes of that; or if a difference makes none."""
        seen = dict.fromkeys(differences, 0)
        wrong = []
        for each, our, their in zip(inputs, ours, theirs, strict=True):
            expected = their
            for difference in differences:
                if difference.applies(each, their):
                    expected = difference.ours(each, expected)
                    seen[difference] += expected != their
            if our != expected:
                wrong.append(f"{each!r:.200}: ours {our!r:.200}, theirs {their!r:.200}, expected {expected!r:.200}")
        print(f"{what}: {len(ours)} compared")
        for difference, count in seen.items():
            print(f"    {count} differ: {difference.why}")
        self.assertGreater(len(ours), 0)
        self.assertFalse(wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:SHOWN]))
        self.assertNotIn(0, seen.values(), "one of the known differences is none")
