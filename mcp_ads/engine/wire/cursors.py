"""Cursors: short, with a check, so that a mis-copied one is our mistake to explain and not the platform's."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass

from mcp_ads.errors import InvalidParams

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""
NAME, CHECK, SHORT = 9, 3, 4
VERSION = 2
START_AGAIN = "leave it out to start again"
WRONG = f"cursor: not a cursor of this call; {START_AGAIN}"
MISCOPIED = (
    "cursor: not a cursor: a character is missing or wrong; copy `cursor` of the last answer whole, or "
    + START_AGAIN
)
FORGOTTEN = (
    "cursor: its list is no longer kept here (it is a day old, much else was asked since, or it is from "
    f"another machine); {START_AGAIN}"
)
_HANDLE = re.compile(rf"[{LETTERS}]{{{NAME}}}-[{LETTERS}]{{{CHECK}}}")
_ROW = re.compile(rf"(\d{{1,9}})-([{LETTERS}]{{{SHORT}}})(?:-([{LETTERS}]+))?-[{LETTERS}]{{{CHECK}}}")


@dataclass(frozen=True)
class Place:
    """Where a list goes on: the vendor's token of a page, its size, and how many of its rows were given."""

    token: str = ""
    size: int = 0
    skip: int = 0

    def text(self, whose: str) -> str:
        """The place as a cursor by itself, for where nothing can be kept on disk."""
        packed = json.dumps([VERSION, whose, self.token, self.size, self.skip], separators=(",", ":"))
        return _checked(base64.urlsafe_b64encode(packed.encode()).decode().rstrip("="))


def new_name() -> str:
    """A name for what is kept of a list."""
    return _letters(secrets.randbelow(len(LETTERS) ** NAME), NAME)


def handle(name: str) -> str:
    """The cursor that names what is left of a list on the shelf."""
    return _checked(name)


def name_in(cursor: str) -> str:
    """The name in a handle; empty for cursors of other kinds. Raises InvalidParams for a mis-copied one."""
    checked(cursor)
    return cursor.partition("-")[0] if _HANDLE.fullmatch(cursor) else ""


def row_cursor(row: int, whose: str, name: str = "") -> str:
    """The cursor for a row of a table that is kept on disk under a name."""
    return _checked("-".join([str(row), _short(whose), *([name] if name else [])]))


def names_a_row(cursor: str) -> bool:
    """Whether a cursor is of a table that is kept on disk."""
    return bool(_ROW.fullmatch(cursor))


def table_in(cursor: str) -> str:
    """The handle of the kept table that a cursor is of; empty for cursors of other kinds."""
    match = _ROW.fullmatch(cursor)
    return f"r_{match[3]}" if match and match[3] else ""


def row_in(cursor: str, whose: str) -> tuple[int, str]:
    """The row a cursor of a kept table names, and the table; raises InvalidParams for one of another call."""
    checked(cursor)
    match = _ROW.fullmatch(cursor)
    if not match or match[2] != _short(whose):
        raise InvalidParams(WRONG)
    return int(match[1]), match[3] or ""


def read_place(cursor: str, whose: str) -> Place:
    """The place in a cursor that holds one; raises InvalidParams for one of another call."""
    text = checked(cursor).rpartition("-")[0]
    try:
        fields = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        version, given, token, size, skip = fields
        place = Place(str(token), int(size), int(skip))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InvalidParams(WRONG) from None
    if version != VERSION or given != whose or min(place.size, place.skip) < 0:
        raise InvalidParams(WRONG)
    return place


def checked(cursor: str) -> str:
    """The cursor, if it is as it was given; raises InvalidParams."""
    text, _, check = cursor.rpartition("-")
    if not text or check != _check(text):
        raise InvalidParams(MISCOPIED)
    return cursor


def _checked(text: str) -> str:
    return f"{text}-{_check(text)}"


def _check(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode(errors="replace")).digest()[:4], "big")
    return _letters(number, CHECK)


def _letters(number: int, count: int) -> str:
    """The last digits of a number, written with our letters."""
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(count))


def _short(whose: str) -> str:
    return _letters(int.from_bytes(hashlib.sha256(whose.encode()).digest()[:8], "big"), SHORT)
