#!/usr/bin/python3 -B
"""Usernames beside PRECIS: the examples of RFC 8265, section 3.5, and the package python3-precis-i18n.

Names of people have more than its usernames: spaces, apostrophes, words of both directions; and less: no symbols, no scripts that
look alike."""

import unicodedata
import unittest

from precis_i18n import get_profile
from precis_i18n.unicode import UnicodeData

from differential import Comparison, Difference, ask, seeded

CLASS = get_profile("IdentifierClass")
PRESERVED = get_profile("UsernameCasePreserved")
MAPPED = get_profile("UsernameCaseMapped")

APOSTROPHES = "'\u2018\u2019\u02bc\u05f3"
# Letters that NFKC replaces, which PRECIS has not, and that languages are written with: Armenian, Thai, Lao.
WRITTEN = "\u0587\u0e33\u0eb3\u0edc\u0edd"
# Letters and marks that show nothing.
BLANK = "\u2d7f\U0001107f\U00016fe4\U00013441\U00013442"


def problem_of(answer):
    return answer[0]


def is_refused(check, *arguments):
    try:
        return check(*arguments) is None
    except UnicodeEncodeError:
        return True


def plain(text):
    """As PRECIS looks at it: without widths, in NFC."""
    return unicodedata.normalize("NFC", UnicodeData().width_map(text))


def verdict(refused):
    return "refused" if refused else "fine"


class Usernames(Comparison):
    def test_examples(self):
        """RFC 8265, section 3.5: those of table 1, and of table 2."""
        for name in ("fussball", "fu\u00dfball", "\u03c0", "\u03a3", "\u03c3", "\u03c2"):
            self.assertFalse(is_refused(PRESERVED.enforce, name))
            [[problem, text, _]] = ask("username", [name.encode()])
            self.assertEqual((problem, text.decode()), ("fine", name))
        for name in ("", "henry\u2163", "\u221e"):
            self.assertTrue(is_refused(PRESERVED.enforce, name))
            self.assertNotEqual(ask("username", [name.encode()])[0][0], "fine")
        # Two that are ours otherwise: @ is for addresses, and people's names have spaces.
        self.assertEqual(ask("username", [b"juliet@example.com", b"foo bar"]), [["character"], ["fine", b"foo bar", b"foo bar"]])
        # Section 3.3.2: capitals are small letters. Full case folding goes on: ss is sharp s, too, and there is one sigma.
        answers = ask("username", [name.encode() for name in ("\u03a3", "\u03c2", "Fu\u00dfball", "FUSSBALL")])
        self.assertEqual([key.decode() for _, _, key in answers], ["\u03c3", "\u03c3", "fussball", "fussball"])

    def test_every_code_point(self):
        """Whether it may be in a name at all."""
        points = [chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]
        categories = ask("category", [each.encode() for each in points])
        points = [each for each, ours in zip(points, categories, strict=True) if ours != ["Cn"] and unicodedata.category(each) != "Cn"]
        ours = [verdict(problem_of(answer) in ("character", "empty")) for answer in ask("username", [each.encode() for each in points])]
        theirs = [verdict(is_refused(CLASS.enforce, plain(each))) for each in points]
        self.compare(
            "code points",
            points,
            ours,
            theirs,
            [
                Difference(
                    "of what is in ASCII, symbols are in no name",
                    lambda each, their: "!" <= plain(each) <= "~" and not plain(each).isalnum() and plain(each) not in "-._'",
                    lambda each, their: "refused",
                ),
                Difference("apostrophes are", lambda each, their: each in APOSTROPHES and each != "\u05f3", lambda each, their: "fine"),
                Difference("so are letters that languages have", lambda each, their: each in WRITTEN, lambda each, their: "fine"),
                Difference("what shows nothing is not", lambda each, their: each in BLANK, lambda each, their: "refused"),
            ],
        )


if __name__ == "__main__":
    unittest.main()
