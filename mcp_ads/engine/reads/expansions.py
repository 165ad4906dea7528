"""Fields in braces: which of them stay with the object they are asked of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Expansions = Mapping[str, tuple[str, ...]]
"""What may be expanded, by name, and the fields in its braces; none means any plain ones."""
NESTING = re.compile(r"[{}()\[\]~]")
_PLAIN = re.compile(r"[\w.*$-]+", re.ASCII)
_HEAD = re.compile(r"(?P<name>\w+)(?:\.(?:limit\(\d+\)|date_preset\(\w+\)))*", re.ASCII)


def stays(field: str, known: Expansions) -> bool:
    """Whether a field, expanded or not, is one that cannot lead away: known names in known places only."""
    if not NESTING.search(field):
        return True
    head, brace, rest = field.strip().partition("{")
    match = _HEAD.fullmatch(head)
    if not match or match["name"] not in known or (brace and not rest.endswith("}")):
        return False
    inside = list(_parts(rest[:-1])) if brace else []
    allowed = known[match["name"]]
    return all(_inside(part.strip(), allowed, known) for part in inside)


def _inside(part: str, allowed: tuple[str, ...], known: Expansions) -> bool:
    if NESTING.search(part):
        return not allowed and stays(part, known)
    return bool(_PLAIN.fullmatch(part)) and (not allowed or part in allowed)


def _parts(text: str) -> Iterator[str]:
    """What stands between the commas of this level."""
    depth = start = 0
    for at, mark in enumerate(text):
        depth += (mark in "{(") - (mark in "})")
        if mark == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
