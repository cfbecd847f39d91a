#!/usr/bin/python3 -B
"""CSV beside Python's csv: what both read of the same text, and what one reads of what the other has written."""

import csv
import io
import re
import unittest

from differential import Comparison, Difference, ask, seeded, texts_of

FAULT = "fault"
DAY = "1970-01-02T00:00:00.000Z"
DAY_MILLISECONDS = "86400000"

# RFC 4180, section 2, with either end of line.
FIELD = rb'(?: *"(?:[^"]|"")*"|[^",\r\n]*)'
ROW = FIELD + rb"(?:," + FIELD + rb")*"
WELL_FORMED = re.compile(rb"(?:" + ROW + rb"\r?\n)*(?:" + ROW + rb")?")
QUOTED = re.compile(rb'(?<![^,\n])("(?:[^"]|"")*") *')


def rows_of(answer):
    """The rows, FAULT in place of one with a problem."""
    rows = []
    for word in answer:
        if isinstance(word, bytes):
            rows[-1].append(word)
        else:
            rows.append([] if word == "row" else FAULT)
    return rows


def ours(texts):
    return [FAULT if FAULT in rows else rows for rows in map(rows_of, ask("csv", texts))]


def theirs(text, **options):
    """They have no field for an empty line, which has an empty one."""
    lines = io.StringIO(text.decode("latin-1"), newline="")
    try:
        return [[field.encode("latin-1") for field in row or [""]] for row in csv.reader(lines, strict=True, **options)]
    except csv.Error:
        return FAULT


QUOTE = Difference(
    "a quote within a field that has none around it is a fault (RFC 4180, section 2, rule 5)",
    lambda text, rows: not WELL_FORMED.fullmatch(text),
    lambda text, rows: FAULT,
)


def written(rows, **options):
    out = io.StringIO(newline="")
    csv.writer(out, **options).writerows(rows)
    return out.getvalue().encode()


LETTERS = "ab é\u4e00,;\t\"\"'\r\n=+-@"


def random_text(rng):
    return "".join(rng.choices(LETTERS, k=rng.randrange(8)))


def is_formula(name):
    return name.lstrip("'")[:1] in list("=+-@\t\r")


class Csv(Comparison):
    def test_reading(self):
        texts = list(texts_of([b"a", b",", b'"', b"\n", b"\r\n"], 7))
        self.compare("reading", texts, ours(texts), [theirs(text) for text in texts], [QUOTE])

    def test_spaces_before_quotes(self):
        texts = list(texts_of([b"a", b",", b'"', b' "', b"\n"], 6))
        self.compare("spaces before quotes", texts, ours(texts), [theirs(text, skipinitialspace=True) for text in texts], [QUOTE])

    def test_spaces_elsewhere(self):
        texts = [text for text in texts_of([b"a", b",", b'"', b" ", b"\n"], 6) if b' "' not in text]
        behind = Difference(
            "spaces behind a closing quote are no part of the field: for them they are a fault",
            lambda text, rows: WELL_FORMED.fullmatch(QUOTED.sub(rb"\1", text)),
            lambda text, rows: theirs(QUOTED.sub(rb"\1", text)),
        )
        self.compare("spaces elsewhere", texts, ours(texts), [theirs(text) for text in texts], [QUOTE, behind])

    def test_carriage_returns(self):
        texts = [b"a\rb", b"a\r", b"\r", b"a,\r\r\n", b'"a"\rb\n', b'"a"\r']
        alone = Difference("a carriage return alone is a fault: they end a row with it", lambda text, rows: True, lambda text,
    rows: FAULT)
        self.compare("carriage returns", texts, ours(texts), [theirs(text) for text in texts], [alone])
        texts = [b'"a\rb"', b'"\r"\r\n', b'"a\r\nb",c\r\n']
        self.compare("carriage returns within quotes", texts, ours(texts), [theirs(text) for text in texts])

    def test_what_they_write(self):
        rng = seeded()
        ways = [
            {"delimiter": delimiter, "quoting": quoting, "lineterminator": end}
            for delimiter in ",;\t"
            for quoting, end in ((csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\r\n"), (csv.QUOTE_ALL, "\n"))
        ]
        head = ["number", "created", "username"]
        tables = [[head] + [[random_text(rng) for _ in range(rng.randrange(1, 5))] for _ in range(4)] for _ in range(3000)]
        texts = [written(table, **ways[i % len(ways)]) for i, table in enumerate(tables)]
        self.compare("what they write", texts, ours(texts), [[[field.encode() for field in row] for row in table] for table in tables])

    def test_lists_that_they_write(self):
        rng = seeded()
        names = [random_text(rng) for _ in range(3000)]
        lists = [written([["number", "created", "username"], [7, DAY, name]], lineterminator="\r\n") for name in names]
        unmarked = Difference(
            "an apostrophe before what a spreadsheet takes for a formula is not of the name",
            lambda text, answer: answer[3][:1] == b"'" and is_formula(answer[3].decode()),
            lambda text, answer: answer[:3] + [answer[3][1:]],
        )
        self.compare(
            "lists that they write",
            lists,
            ask("list", [(b"csv", text) for text in lists]),
            [["user", "7", DAY_MILLISECONDS, name.encode()] for name in names],
            [unmarked],
        )

    def test_lists_that_we_write(self):
        rng = seeded()
        names = [random_text(rng) for _ in range(3000)]
        marked = Difference(
            "what a spreadsheet takes for a formula has an apostrophe before it",
            lambda name, found: is_formula(name),
            lambda name, found: "'" + name,
        )
        lists = [answer[0] for answer in ask("list_of_one", [(b"csv", name.encode()) for name in names])]
        rows = [list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True)) for text in lists]
        for read in rows:
            self.assertEqual(read[0], ["number", "created", "username"])
            self.assertEqual(read[1][:-1], ["7", DAY])
        self.compare("lists that we write", names, [read[1][2] for read in rows], names, [marked])


if __name__ == "__main__":
    unittest.main()
