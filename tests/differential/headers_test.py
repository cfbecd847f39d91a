#!/usr/bin/python3 -B
"""Header fields: Accept beside the package `negotiator` of npm, If-None-Match beside its `fresh`."""

import filecmp
import itertools
import json
import pathlib
import re
import subprocess
import sys
import unittest

from differential import Comparison, Difference, ask, texts_of

HERE = pathlib.Path(__file__).parent
OFFERS = [("text/html", "application/json", "text/csv"), ("application/json", "text/html;level=1", "text/html")]


def ask_npm(package, questions):
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    run = subprocess.run(["node", HERE / "npm_answers.mjs", package], input=lines, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


class Accept(Comparison):
    def check(self, what, inputs, has_differences=False):
        """Inputs are ranges and offers."""
        taken = dict(zip(inputs, ask_npm("accept", [{"ranges": ranges, "offers": offers} for ranges, offers in inputs]), strict=True))
        ours = ask("accept", [[",".join(ranges).encode()] + [offer.encode() for offer in offers] for ranges, offers in inputs])
        equal = Difference(
            "of equals the first offer is taken: they take that of the first range, whichever it is",
            lambda each, answer: len(set(taken[each])) > 1,
            lambda each, answer: [str(min(taken[each]))],
        )
        none = Difference(
            "the first offer, where none is accepted (RFC 9110, section 12.5.1)",
            lambda each, answer: answer == ["-1"],
            lambda each, answer: ["0"],
        )
        self.compare(what, inputs, ours, [[str(taken[each][0])] for each in inputs], [equal, none] if has_differences else [])

    def test_ranges(self):
        names = ["text/html", "application/json", "text/*", "*/*", "text/html;level=1", "image/png"]
        ranges = [name + weight for name in names for weight in ("", ";q=0.5", ";q=0.9", ";q=0")]
        headers = [each for count in range(1, 4) for each in itertools.combinations(ranges, count)]
        self.check("ranges", list(itertools.product(headers, OFFERS)), has_differences=True)

    def test_spellings(self):
        headers = [
            ("TEXT/HTML;Q=0.5", "Application/Json"),
            ("text/html ; q=0.5 ", "\tapplication/json"),
            ("text/html;q=0.500", "application/json;q=0.501"),
            ("text/html;q=1.", "application/json;q=0."),
            ("text/html;q=1.000", "application/json;q=0.999"),
            ("", "application/json", ""),
            ("text/html;q=0.1;x=1", "application/json;q=0.2;x=1"),
            ('text/html;level="1"', "application/json;q=0.9"),
            ("text/html;Level=1", "application/json"),
            ('text/html;x="a,application/json"', "text/csv"),
            ('text/html;x=";q=0"', "text/csv"),
            ("text/html;level=2", "application/json;q=0.1"),
            ("text", "application/json"),
            ("text/", "application/json"),
            ("/html", "application/json"),
            ("text/html/x", "application/json"),
            ("text/htm", "application/json"),
            ("text/htmlx", "application/json"),
            ("texts/*", "application/json"),
            ("tex/*", "application/json"),
            ("text html", "application/json"),
        ]
        offers = ("text/csv", "text/html;level=1", "text/html", "application/json")
        self.check("spellings", [(header, offers) for header in headers])

    def test_differences(self):
        offers = ("application/json", "text/html", "text/html;level=1")
        for why, header, ours in [
            ("a weight is at most 1", "text/html;q=1.5, application/json", "0"),
            ("a weight has a digit before its point", "text/html;q=.5, application/json;q=0.1", "0"),
            ("a weight is a number", "application/json;q=0.5x, text/html;q=0.1", "1"),
            ("no type is named by its subtype alone", "*/html", "0"),
            ("all of a type has no parameters", "text/*;level=1, application/json;q=0.1", "0"),
            ("every offer is in UTF-8", "text/html;charset=utf-8", "1"),
        ]:
            with self.subTest(why):
                [their] = ask_npm("accept", [{"ranges": [header], "offers": offers}])
                [[our]] = ask("accept", [[header.encode()] + [offer.encode() for offer in offers]])
                print(f"    ours {our}, theirs {their[0]}: {why}")
                self.assertEqual(our, ours)
                self.assertNotEqual(our, str(their[0]))


# RFC 9110, section 13.1.2: tags, with empty elements between them.
TAG = rb'(?:W/)?"[^" ]*"'
BEGINNING = re.compile(rb"[ ,]*" + TAG + rb"(?: *,[ ,]*" + TAG + rb")*")
LIST = re.compile(BEGINNING.pattern + rb"[ ,]*|\*")


def beginning_of(value):
    found = BEGINNING.match(value)
    return found[0] if found else b""


class EntityTag(Comparison):
    def fresh(self, inputs):
        answers = ask_npm("etag", [{"value": value.decode(), "etag": etag.decode()} for value, etag in inputs])
        return [["same" if answer else "other"] for answer in answers]

    def test_lists(self):
        values = texts_of([b'"a"', b'W/"a"', b'"b"', b'""', b",", b" ", b"*", b"a", b'"', b'w/"a"'], 4)
        inputs = [(value, etag) for value in values if value == value.strip(b" ") for etag in (b'"a"', b'W/"a"')]
        beginnings = [(beginning_of(value), etag) for value, etag in inputs]
        to_beginning = dict(zip(inputs, self.fresh(beginnings), strict=True))
        malformed = Difference(
            "of a list with something else in it, the tags before that count: they compare whatever is between commas",
            lambda each, answer: not LIST.fullmatch(each[0]),
            lambda each, answer: to_beginning[each],
        )
        self.compare("If-None-Match", inputs, ask("etag", inputs), self.fresh(inputs), [malformed])

    def test_commas(self):
        inputs = [(b'"b", "a,c"', b'"a,c"'), (b'W/"a, c"', b'"c"'), (b'"a","c"', b'"a,c"'), (b'",", "c"', b'"c"')]
        within = Difference(
            "a tag may have a comma in it: they part it there",
            lambda each, answer: each == inputs[0],
            lambda each, answer: ["same"],
        )
        self.compare("tags with commas", inputs, ask("etag", inputs), self.fresh(inputs), [within])


def has_packages():
    browser = HERE.parent / "browser"
    lock = browser / "node_modules" / ".lock"
    return lock.exists() and filecmp.cmp(browser / "package-lock.json", lock, shallow=False)


if __name__ == "__main__":
    if not has_packages():
        print("skipped: what package-lock.json names is not there (script/bootstrap test installs it)")
        sys.exit(77)
    unittest.main()
