#!/usr/bin/python3 -B
"""Keys of names: NFKC_Casefold, beside the Unicode data of Perl, and what NFC makes of several, beside that of Python."""

import pathlib
import subprocess
import unicodedata
import unittest

from differential import Comparison, Difference, ask, seeded

POINTS = range(0x110000)
APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u05f3"), "'")


def to_bytes(point):
    return chr(point).encode("utf-8", "surrogatepass")


def foldings():
    """NFKC_Casefold of each code point; None: it is not assigned."""
    script = pathlib.Path(__file__).parent / "nfkc_casefold.pl"
    version, *lines = subprocess.run(["perl", script], stdout=subprocess.PIPE, encoding="ascii", check=True).stdout.splitlines()
    return version, [None if line == "unassigned" else "".join(chr(int(part, 16)) for part in line.split()) for line in lines]


class NameKeys(Comparison):
    @classmethod
    def setUpClass(cls):
        cls.version, cls.foldings = foldings()
        ours = [answer != ["Cn"] for answer in ask("category", map(to_bytes, POINTS))]
        cls.points = [point for point in POINTS if ours[point] and cls.foldings[point] is not None and not 0xD800 <= point <= 0xDFFF]
        print(f"Perl has Unicode {cls.version}, Python {unicodedata.unidata_version}")

    def compare_keys(self, what, texts):
        apostrophe = Difference(
            "all apostrophes are one",
            lambda text, key: key[0].decode().translate(APOSTROPHES) != key[0].decode(),
            lambda text, key: [key[0].decode().translate(APOSTROPHES).encode()],
        )
        theirs = [[unicodedata.normalize("NFC", "".join(self.foldings[ord(each)] for each in text)).encode()] for text in texts]
        self.compare(what, texts, ask("name_key", [text.encode() for text in texts]), theirs, [apostrophe])

    def test_every_code_point(self):
        self.assertEqual(len(self.foldings), len(POINTS))
        self.compare_keys("code points", [chr(point) for point in self.points])
        surrogates = [to_bytes(point) for point in range(0xD800, 0xE000)]
        self.compare("surrogates, which have no key", surrogates, ask("name_key", surrogates), [["none"]] * len(surrogates))
        print(f"{len(POINTS) - len(self.points) - len(surrogates)} code points are left: they are not assigned in ours or in Perl's")

    def test_several(self):
        """What composes, what is reordered, what is replaced, and any others beside them."""
        rng = seeded()
        known = [chr(point) for point in self.points if unicodedata.category(chr(point)) not in ("Cn", "Co")]
        marks = [each for each in known if unicodedata.combining(each)]
        parts = [each for each in known if unicodedata.decomposition(each)] + ["\u1100", "\u1161", "\u11a8", "\u09c7", "\u09be", "'"]
        texts = ["".join(rng.choice(rng.choice((known, marks, marks, parts))) for _ in range(rng.randrange(2, 8))) for _ in range(30000)]
        self.compare_keys("texts of several", texts)


if __name__ == "__main__":
    unittest.main()
