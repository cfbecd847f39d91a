#!/usr/bin/python3 -B
"""Forms: decoding beside parse_qsl() of Python's urllib.parse, encoding beside its quote_plus()."""

import re
import unittest
from urllib.parse import parse_qsl, quote_plus, urlencode

from differential import Comparison, Difference, ask, seeded, texts_of

MALFORMED = ["malformed"]


def theirs(text):
    """The values of the fields `name` and `a`."""
    pairs = parse_qsl(text.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape")
    return [[value.encode("utf-8", "surrogateescape") for name, value in pairs if name == wanted] for wanted in ("name", "a")]


def is_utf8(value):
    try:
        return value.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def refuse(text, values):
    return MALFORMED


DIFFERENCES = [
    Difference(
        "one value for a field, or none; they have a list",
        lambda text, values: True,
        lambda text, values: [value for found in values for value in (found[:1] or ["missing"])],
    ),
    Difference("a field that comes twice is an error", lambda text, values: max(map(len, values)) > 1, refuse),
    Difference(
        "a % without two hexadecimal digits is an error: they leave it",
        lambda text, values: re.search(rb"%(?![0-9a-fA-F]{2})", text),
        refuse,
    ),
    Difference("a NUL is an error", lambda text, values: b"\0" in text or b"%00" in text, refuse),
    Difference(
        "what is not UTF-8 is an error: they replace it, if they are not told to keep it",
        lambda text, values: not all(is_utf8(value) for found in values for value in found),
        refuse,
    ),
]

PARTS = [b"name", b"a", b"b", b"=", b"&", b"+", b"%", b"4", b"1", b"%41", b"%6E", b";", b"\0", b"%00", b"\xc3\xa9", b"%C3", b"%a9",
    b"\xff"]


class Form(Comparison):
    def test_decoding(self):
        rng = seeded()
        texts = list(texts_of([b"a", b"=", b"&", b"+", b"%", b"4", b"1"], 5))
        texts += [b"".join(rng.choices(PARTS, k=rng.randrange(1, 20))) for _ in range(20000)]
        self.compare("decoding", texts, ask("form", texts), [theirs(text) for text in texts], DIFFERENCES)

    def test_encoding(self):
        rng = seeded()
        texts = [bytes([byte]) for byte in range(256)] + [rng.randbytes(rng.randrange(30)) for _ in range(2000)]
        tilde = Difference(
            "~ is encoded (WHATWG URL, section 1.3)",
            lambda text, encoded: b"~" in text,
            lambda text, encoded: [encoded[0].replace(b"~", b"%7E")],
        )
        self.compare("encoding", texts, ask("form_encode", texts), [[quote_plus(text, safe="*").encode()] for text in texts], [tilde])

    def test_what_they_encode(self):
        rng = seeded()
        values = ["".join(chr(rng.choice((rng.randrange(1, 128), rng.randrange(0xE000,
    0x110000)))) for _ in range(9)) for _ in range(3000)]
        forms = [urlencode([("b", "&="), ("name", value), ("a", value[::-1])]).encode() for value in values]
        self.compare("what they encode", forms, ask("form", forms), [[value.encode(), value[::-1].encode()] for value in values])


if __name__ == "__main__":
    unittest.main()
