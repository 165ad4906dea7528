"""The rows of a large JSON list, one after another, packed or not, in little memory."""

from __future__ import annotations

import codecs
import gzip
import json
import re
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TypeVar

from mcp_ads.errors import PlatformDown, Rejected

BETWEEN = ("},{", "}, {")
GZIP = b"\x1f\x8b"
CHUNK = 2**17
MOST_UNPACKED = 1024 * 2**20
MOST_ROW = 4 * 2**20
WORK, REST = 0.002, 0.0005
"""Seconds a thread works before it leaves the processor to others, and for how long."""
NOT_ROWS = "the platform's file is not the list of rows it should be"
_NO_SPACE = re.compile(r"[^ \t\r\n]")
_DECODER = json.JSONDecoder()
Item = TypeVar("Item")


def rows_in(file: BinaryIO, again: str = "") -> Iterator[dict[str, Any]]:
    """The objects of the list a file holds. Raises PlatformDown for anything else."""
    try:
        yield from _objects(_Text(file))
    except (ValueError, OSError, EOFError, zlib.error, RecursionError) as error:
        why = str(error) if type(error) is ValueError else "it is damaged or cut"
        raise PlatformDown(f"{NOT_ROWS}: {why}", fix=again) from None


def gently(rows: Iterable[Item], *, times: int = 1) -> Iterator[Item]:
    """Yield the rows, and rest now and then so that other threads go on; `times` less often than usual."""
    begun = time.perf_counter()
    for row in rows:
        yield row
        if time.perf_counter() - begun > WORK * times:
            time.sleep(REST)
            begun = time.perf_counter()


class _Text:
    """What is left of a file's text, read as it is needed."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._file: Any = gzip.GzipFile(fileobj=file) if file.read(2) == GZIP else file
        file.seek(0)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._ended, self._size, self._several = False, 0, True
        self.text, self.at = "", 0

    def more(self) -> bool:
        """Read on; False at the end. Raises ValueError, OSError, EOFError, zlib.error."""
        if self._ended:
            return False
        part = self._file.read(CHUNK)
        self._size += len(part)
        if self._size > MOST_UNPACKED:
            raise Rejected(f"the file is larger than {MOST_UNPACKED // 2**20} MB", fix="ask for less")
        self._ended = not part
        self.text = self.text[self.at :] + self._decoder.decode(part, self._ended)
        self.at, self._several = 0, True
        return True

    def several(self) -> list[Any]:
        """The rows that are wholly in the text read so far, at once; none where that is not certain.

        A list that ends before a comma and is whole JSON ends where a row ends: no text is cut in two there.
        """
        end = max(self.text.rfind(between, self.at) for between in BETWEEN) if self._several else -1
        self._several = False
        if end < 0:
            return []
        try:
            rows = json.loads(f"[{self.text[self.at : end + 1]}]")
        except ValueError:
            return []
        if set(map(type, rows)) != {dict}:
            return []
        self.at = end + 1
        return list(rows)

    def mark(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            if match := _NO_SPACE.search(self.text, self.at):
                self.at = match.start()
                return match[0]
            self.at = len(self.text)
            if not self.more():
                return ""

    def value(self) -> Any:
        """The value that begins here."""
        while True:
            try:
                value, self.at = _DECODER.raw_decode(self.text, self.at)
            except ValueError:
                if len(self.text) - self.at > MOST_ROW or not self.more():
                    raise ValueError("a row of it is no JSON, or too long") from None
            else:
                return value


def _objects(text: _Text) -> Iterator[dict[str, Any]]:
    if (first := text.mark()) != "[":
        raise ValueError("it is empty" if not first else "it does not begin with a list")
    text.at += 1
    if text.mark() == "]":
        text.at += 1
        return _check_end(text)
    while True:
        if text.mark() != "{":
            raise ValueError("something in it is no row" if text.mark() else "its end is missing")
        if rows := text.several():
            yield from rows
        else:
            yield text.value()
        mark = text.mark()
        text.at += 1
        if mark == "]":
            return _check_end(text)
        if mark != ",":
            raise ValueError("something stands between its rows" if mark else "its end is missing")


def _check_end(text: _Text) -> None:
    if text.mark():
        raise ValueError("something stands after its end")
