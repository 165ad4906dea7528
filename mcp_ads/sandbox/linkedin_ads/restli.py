"""Rest.li 2.0 text: query strings, path keys and map keys, read as strictly as the platform reads them."""

from __future__ import annotations

import re
from typing import Any, NoReturn
from urllib.parse import unquote

PLAIN = re.compile(r"(?:[A-Za-z0-9\-._~!*]|%[0-9A-Fa-f]{2})*")
NAME = re.compile(r"[A-Za-z0-9_.\-]+")
PROJECTION = re.compile(r"[A-Za-z0-9_$*.:(),\-]+")
REDUCED = {character: f"%{ord(character):02X}" for character in "(),:'%"}


class RestliError(ValueError):
    """Text that is no Rest.li 2.0; its message says where."""


def parse_query(text: str) -> dict[str, Any]:
    """A whole query string. Values become str, list or dict; `fields` is kept as its own raw text."""
    found: dict[str, Any] = {}
    for pair in filter(None, text.split("&")):
        raw_name, equals, raw = pair.partition("=")
        name = unquote(raw_name)
        if not equals or not NAME.fullmatch(name):
            raise RestliError(f"{raw_name!r} is not a parameter")
        if name in found:
            raise RestliError(f"parameter {name} is given twice")
        found[name] = _projection(raw) if name == "fields" else parse_value(raw)
    return found


def parse_value(raw: str) -> Any:
    """One value: `List(a,b)`, `(k:v)` or a fully escaped string."""
    reader = _Reader(raw)
    value = reader.value()
    if reader.at != len(raw):
        reader.fail()
    return value


def reduced(text: str) -> str:
    """The spelling of a key in headers and in the maps of batch bodies."""
    return "".join(REDUCED.get(character, character) for character in text)


def project(record: Any, fields: str) -> Any:
    """Only what a `fields` text asks for; names the record lacks are passed over, as the platform does."""
    return _Projector(fields).apply(record)


def _projection(raw: str) -> str:
    if not PROJECTION.fullmatch(raw) or raw.count("(") != raw.count(")"):
        raise RestliError(f"fields={raw[:60]} is not a plain list of names")
    return raw


class _Reader:
    """Reads one value from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def value(self) -> Any:
        if self._take("List("):
            return self._list()
        if self._take("("):
            return self._record()
        return self._string()

    def fail(self) -> NoReturn:
        there = self.text[self.at : self.at + 20]
        raise RestliError(f"unexpected {there!r} at position {self.at}; reserved characters must be escaped")

    def _list(self) -> list[Any]:
        items: list[Any] = []
        if self._take(")"):
            return items
        while True:
            items.append(self.value())
            if self._take(")"):
                return items
            self._expect(",")

    def _record(self) -> dict[str, Any]:
        record: dict[str, Any] = {}
        if self._take(")"):
            return record
        while True:
            name = self._string()
            self._expect(":")
            if name in record or not name:
                self.fail()
            record[name] = self.value()
            if self._take(")"):
                return record
            self._expect(",")

    def _string(self) -> str:
        if self._take("''"):
            return ""
        match = PLAIN.match(self.text, self.at)
        assert match is not None
        if not match.group() and self.text:
            self.fail()
        self.at = match.end()
        try:
            return unquote(match.group(), errors="strict")
        except UnicodeDecodeError:
            self.fail()

    def _take(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def _expect(self, token: str) -> None:
        if not self._take(token):
            self.fail()


class _Projector:
    """`a,b:(c,d)` as a tree of names."""

    def __init__(self, fields: str) -> None:
        self.rest = re.findall(r"[^,:()]+|[,:()]", fields)
        self.tree = self._names()

    def apply(self, record: Any, tree: dict[str, Any] | None = None) -> Any:
        tree = self.tree if tree is None else tree
        if isinstance(record, list):
            return [self.apply(item, tree) for item in record]
        if not isinstance(record, dict) or not tree:
            return record
        return {name: self.apply(record[name], sub) for name, sub in tree.items() if name in record}

    def _names(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        while self.rest and self.rest[0] != ")":
            name = self.rest.pop(0)
            if name == ",":
                continue
            tree[name] = {}
            if self.rest[:2] == [":", "("]:
                del self.rest[:2]
                tree[name] = self._names()
                del self.rest[:1]
        return tree
