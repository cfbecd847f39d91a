#!/usr/bin/python3
"""Makes the changes of a tutorial in a checkout.

    apply_tutorial.py TUTORIAL CHECKOUT

A block of code in the tutorial stands below a line that says where it belongs:

    `FILE`, new:                        all of a new file
    `FILE`, after the line `TEXT`:      lines to insert behind the only one that is TEXT, but for white space around it

Prints each file that it has changed. Other blocks, but those of shell commands, are faults: a reader would not know where to put them.
"""

import re
import sys
from pathlib import Path

PLACE = re.compile(r"`(?P<file>[^`]+)`, (?:new|after the line `(?P<anchor>.+)`):")


def blocks(text):
    """Each block of code: the last line of prose before it, its language, its lines."""
    before, language, inside = "", None, []
    for line in text.splitlines():
        if language is None and line.startswith("```"):
            language, inside = line[3:], []
        elif line == "```":
            yield before, language, inside
            before, language = "", None
        elif language is not None:
            inside.append(line)
        elif line:
            before = line


def insert(lines, anchor, new):
    found = [index for index, line in enumerate(lines) if line.strip() == anchor]
    if len(found) != 1:
        sys.exit(f"{len(found)} lines are: {anchor}")
    return lines[: found[0] + 1] + new + lines[found[0] + 1 :]


def main(tutorial, checkout):
    for before, language, new in blocks(Path(tutorial).read_text(encoding="utf-8")):
        place = PLACE.fullmatch(before)
        if place is None:
            if language == "sh":
                continue
            sys.exit(f"nothing says where this belongs: {new[0]}")
        path = Path(checkout) / place["file"]
        if path.exists() != (place["anchor"] is not None):
            sys.exit(f"{place['file']}: is it new, or is it there?")
        old = path.read_text(encoding="utf-8").splitlines() if place["anchor"] else []
        lines = insert(old, place["anchor"], new) if place["anchor"] else new
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(place["file"])


main(*sys.argv[1:])
