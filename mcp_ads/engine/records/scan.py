"""The rows of a large JSON list, one after another, packed or not, in little memory."""

from __future__ import annotations

import codecs
import json
import re
import time
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, TypeVar

from pydantic_core import from_json

from mcp_ads.errors import PlatformDown, Rejected

BETWEEN = ("},{", "}, {")
GZIP = b"\x1f\x8b"
GZIP_BITS = 31
"""Says to zlib that what is packed has the head and the checksum of a gzip file."""
CHUNK, AHEAD = 2**17, 2**22
"""Bytes that are parsed at once, and that are unpacked at once: as many that two threads rarely meet."""
MOST_UNPACKED = 1024 * 2**20
MOST_ROW = 4 * 2**20
SHORT = 2**12
"""Characters left of the text, of which it is likely that they end within a row."""
WORK, REST = 0.002, 0.0005
"""Seconds a thread works before it leaves the processor to others, and for how long."""
NOT_ROWS = "the platform's file is not the list of rows it should be"
_NO_SPACE = re.compile(r"[^ \t\r\n]")
_DECODER = json.JSONDecoder()
Item = TypeVar("Item")


def rows_in(file: BinaryIO, again: str = "") -> Iterator[list[dict[str, Any]]]:
    """The objects of the list a file holds, some at a time. Raises PlatformDown for anything else."""
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


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The parts of a packed file. Raises OSError, EOFError, zlib.error."""
    unpack, packed = zlib.decompressobj(GZIP_BITS), file.read(AHEAD)
    while packed:
        yield unpack.decompress(packed, AHEAD)
        packed = unpack.unconsumed_tail or file.read(AHEAD)
        if unpack.eof and (packed := (unpack.unused_data + packed).lstrip(b"\0")):
            unpack = zlib.decompressobj(GZIP_BITS)
    yield unpack.flush()
    if not unpack.eof:
        raise EOFError


def _ahead(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts, each made while the one before it is worked on: unpacking stops no other thread."""
    with ThreadPoolExecutor(1) as thread:
        part = thread.submit(next, parts, None)
        while (made := part.result()) is not None:
            part = thread.submit(next, parts, None)
            yield made


class _Text:
    """What is left of a file's text, read as it is needed."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        packed = file.read(2) == GZIP
        file.seek(0)
        self._parts = _ahead(_unpacked(file) if packed else iter(lambda: file.read(AHEAD), b""))
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._ended, self._size, self._several, self._between = False, 0, True, BETWEEN[0]
        self.text, self.at = "", 0

    def more(self) -> bool:
        """Read on; False at the end. Raises ValueError, OSError, EOFError, zlib.error."""
        if self._ended:
            return False
        part = next(self._parts, None)
        self._size += len(part or b"")
        if self._size > MOST_UNPACKED:
            raise Rejected(f"the file is larger than {MOST_UNPACKED // 2**20} MB", fix="ask for less")
        self._ended = part is None
        self.text = self.text[self.at :] + self._decoder.decode(part or b"", self._ended)
        self.at, self._several = 0, True
        return True

    def several(self) -> list[Any]:
        """The rows that are wholly in the text read so far, at once; none where that is not certain.

        A list that ends before a comma and is whole JSON ends where a row ends: no text is cut in two there.
        """
        upto = self.at + CHUNK
        end = self.text.rfind(self._between, self.at, upto) if self._several else -1
        if end < 0 and self._several:
            self._between = BETWEEN[1 - BETWEEN.index(self._between)]
            end = self.text.rfind(self._between, self.at, upto)
        try:
            rows = from_json(f"[{self.text[self.at : end + 1]}]", cache_strings="keys") if end >= 0 else []
        except ValueError:
            rows = []
        self._several = set(map(type, rows)) == {dict}
        if self._several:
            self.at = end + 1
        return list(rows) if self._several else []

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


def _objects(text: _Text) -> Iterator[list[dict[str, Any]]]:
    if (first := text.mark()) != "[":
        raise ValueError("it is empty" if not first else "it does not begin with a list")
    text.at += 1
    if text.mark() == "]":
        text.at += 1
        return _check_end(text)
    while True:
        if text.mark() != "{":
            raise ValueError("something in it is no row" if text.mark() else "its end is missing")
        if len(text.text) - text.at < SHORT:
            text.more()
        yield text.several() or [text.value()]
        mark = text.mark()
        text.at += 1
        if mark == "]":
            return _check_end(text)
        if mark != ",":
            raise ValueError("something stands between its rows" if mark else "its end is missing")


def _check_end(text: _Text) -> None:
    if text.mark():
        raise ValueError("something stands after its end")
