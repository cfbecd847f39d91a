#!/usr/bin/python3 -B
"""JSON beside Python's json: the same texts are JSON, their strings are the same, and one reads what the other has written.

JSON_TEST_SUITE names the folder test_parsing of JSONTestSuite, if there is one: then each of its files is read, too. Without it
nothing is left out but what others have written: json_cases.py has texts of each of its kinds."""

import json
import os
import pathlib
import re
import unittest

from differential import Comparison, Difference, ask, seeded, texts_of
from json_cases import BAD, FREE, GOOD

DEPTH_MOST = 513  # the limit, and an empty one within
MALFORMED = ["malformed"]
HALF = re.compile("[\ud800-\udfff]")


def load(text):
    """Numbers as they are written, of any size, and objects with names that are there twice. ValueError: no JSON."""

    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    def number(digits):
        return ("number", digits)

    try:
        return json.loads(
            text.decode("utf-8"),
            parse_int=number,
            parse_float=number,
            parse_constant=refuse,
            object_pairs_hook=lambda pairs: {"pairs": pairs},
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def member(pairs, wanted):
    values = [value for name, value in pairs if name == wanted]
    if len(values) != 1:
        return ["repeated"] if values else ["missing"]
    return ["string" if isinstance(values[0], str) else "other", values[0]]


def theirs(text):
    try:
        value = load(text)
    except ValueError:
        return MALFORMED
    if not isinstance(value, dict):
        return ["value"]
    return ["object"] + member(value["pairs"], "name") + member(value["pairs"], "a")


def ours(texts):
    """The values of members are read by Python, so that they can be compared."""
    answers = []
    for answer in ask("json", texts):
        words = []
        for word in answer:
            if isinstance(word, bytes):
                word = word.decode("utf-8") if words[-1] == "string" else load(word)
            words.append(word)
        answers.append(words)
    return answers


def is_deep(text):
    """Deeper than the limit; without strings that have brackets in them."""
    depth = deepest = 0
    for byte in re.sub(rb'"[^"]*"', b"", text):
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest > DEPTH_MOST


def mended(text, answer):
    return [HALF.sub("\ufffd", word) if isinstance(word, str) else word for word in answer]


DEEP = Difference("arrays and objects within each other have a limit", lambda text, answer: is_deep(text), lambda text, answer: MALFORMED)
HALVES = Difference(
    "half of a pair of surrogates becomes U+FFFD (RFC 8259, section 8.2)",
    lambda text, answer: any(isinstance(word, str) and HALF.search(word) for word in answer),
    mended,
)

TOKENS = [b"{", b"}", b"[", b"]", b",", b":", b'"name"', b'"a"', b"1", b"null", b" "]
ODDITIES = [b'"', b"\\", b"\\u", b"\\ud83d", b"\\ude00", b"\\ud800", b"\\udbff", b"\\udc00", b"\\udfff", b"\\u0000", b"\\n",
    b"\\x", b"d800", b"\n", b"\xc3\xa9", b"\xc3", b"\0", b"'", b"\x7f", b"/"]
LETTERS = '"\\/\b\f\n\r\t\0\x1f\x7fa\u00e9\u2028\ufeff\uffff\U0001f600'


class Json(Comparison):
    def check(self, what, texts, differences=()):
        self.compare(what, texts, ours(texts), [theirs(text) for text in texts], differences)

    def test_structure(self):
        self.check("structure", list(texts_of(TOKENS, 4)) + [b'{"name":' + text + b"}" for text in texts_of(TOKENS, 4)])

    def test_numbers(self):
        self.check("numbers", [b'{"name":' + text + b"}" for text in texts_of([b"0", b"1", b"-", b"+", b".", b"e"], 6)])

    def test_words(self):
        words = [b"true", b"false", b"null", b"NaN", b"Infinity", b"-Infinity", b"undefined", b"True"]
        self.check("words", [word[:end] + rest for word in words for end in range(len(word) + 1) for rest in (b"", b"x", b" ", b"\0")])

    def test_strings(self):
        rng = seeded()
        texts = [b'{"name":"' + text + b'"}' for text in texts_of(ODDITIES, 3)]
        texts += [b'{"name":"' + b"".join(rng.choices(ODDITIES, k=rng.randrange(4, 9))) + b'"}' for _ in range(5000)]
        self.check("strings", texts, [HALVES])

    def test_cases(self):
        for text in GOOD:
            self.assertNotEqual(theirs(text), MALFORMED, text)
        for text in BAD:
            self.assertEqual(theirs(text), MALFORMED, text)
        self.check("cases", GOOD + BAD + FREE, [DEEP, HALVES])

    def test_what_they_write(self):
        rng = seeded()
        names = ["".join(rng.choices(LETTERS, k=rng.randrange(9))) for _ in range(3000)]
        texts = [
            json.dumps({"b": [name], "name": name, "a": {name: 1.5}}, ensure_ascii=bool(i % 2), indent=i % 3 or None).encode()
            for i, name in enumerate(names)
        ]
        self.check("what they write", texts)
        lines = b"".join(json.dumps({"number": 7, "created": "1970-01-02T00:00:00.000Z",
    "username": name}).encode() + b"\n" for name in names)
        listed = [field for name in names for field in ("user", "7", "86400000", name.encode())]
        self.compare("lines that they write", ["all"], ask("list", [(b"jsonl", lines)]), [listed])

    def test_what_we_write(self):
        rng = seeded()
        names = [chr(point) for point in range(0x250)] + ["".join(rng.choices(LETTERS, k=rng.randrange(9))) for _ in range(3000)]
        texts = [answer[0] for answer in ask("json_string", [name.encode() for name in names])]
        self.compare("what we write", names, [json.loads(text.decode()) for text in texts], names)
        lists = [answer[0] for answer in ask("list_of_one", [(b"jsonl", name.encode()) for name in names])]
        users = [{"number": 7, "created": "1970-01-02T00:00:00.000Z", "username": name} for name in names]
        self.compare("lines that we write", names, [json.loads(line.decode()) for line in lists], users)

    def check_suite(self, folder):
        files = sorted(pathlib.Path(folder).glob("[yni]_*.json"))
        self.assertGreater(len(files), 300, f"{folder} is not test_parsing of JSONTestSuite")
        texts = [file.read_bytes() for file in files]
        for file, answer in zip(files, ours(texts), strict=True):
            verdict = "n" if answer == MALFORMED else "y"
            self.assertIn(file.name[0], ("i", verdict), file.name)
        # Most are an array of one value: that value, as the member of an object.
        texts += [b'{"name":' + text[1:-1] + b"}" for text in texts if text[:1] + text[-1:] == b"[]"]
        self.check("JSONTestSuite", texts, [HALVES])

    if "JSON_TEST_SUITE" in os.environ:

        def test_suite(self):
            self.check_suite(os.environ["JSON_TEST_SUITE"])


if __name__ == "__main__":
    unittest.main()
