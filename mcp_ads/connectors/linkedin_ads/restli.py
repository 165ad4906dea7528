"""Rest.li 2.0 spelling: List(a,b) and (key:value), everything else percent-encoded.

The signs and their escapes are those of LinkedIn's own clients (linkedin-api-python-client, encoder.py), but
that empty text is `''`, as its JavaScript client and the protocol have it: nothing at all is no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from urllib.parse import quote, unquote

EMPTY = "''"
PROJECTION = ",:()*$"
LIST, RECORD = "List(", "("
MOST_DEEP = 20
_TEXT = re.compile(r"(?:[^(),:'%\x00-\x1f]|%[0-9A-Fa-f]{2})*")
_URN = re.compile(r"urn:[a-z]+:[A-Za-z]+:")
_SPACES = re.compile(r" *")


def encode(value: Any) -> str:
    """One value of a query or key: {"a": [1, "b:c"]} is spelled (a:List(1,b%3Ac)).

    What is None in a record is left out: Rest.li has no word for it.
    """
    if isinstance(value, Mapping):
        given = {name: inner for name, inner in value.items() if inner is not None}
        return "(" + ",".join(f"{encode(str(name))}:{encode(inner)}" for name, inner in given.items()) + ")"
    if isinstance(value, list | tuple):
        return LIST + ",".join(map(encode, value)) + ")"
    if isinstance(value, bool):
        return str(value).lower()
    return quote(str(value), safe="") or EMPTY


def query(values: Mapping[str, Any]) -> str:
    """A whole query string. `fields` is a plain list of names, which Rest.li does not encode."""
    return "&".join(f"{quote(name, safe='')}={_spelled(name, value)}" for name, value in values.items())


def _spelled(name: str, value: Any) -> str:
    if name != "fields":
        return encode(value)
    return quote(value if isinstance(value, str) else ",".join(value), safe=PROJECTION)


def decode(text: str) -> str:
    """A key as headers and batch answers have it."""
    return "" if text == EMPTY else unquote(text)


def parse(text: str) -> Any:
    """The list or record that a text spells; all that is in it is text.

    URNs in it may be raw, as Airbyte's connector hands them out, or escaped: List(urn:li:geo:1) and
    List(urn%3Ali%3Ageo%3A1) are the same. Raises ValueError, which says where, and quotes nothing.
    """
    reader = _Reader(text.strip())
    value = reader.value()
    if reader.at != len(reader.text):
        reader.fail("the end is expected")
    return value


class _Reader:
    """Reads one value from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def value(self) -> Any:
        if self._take(LIST):
            return self._members(self.value)
        if self._take(RECORD):
            return self._record()
        return self._word()

    def fail(self, what: str) -> NoReturn:
        raise ValueError(
            f"{what} at character {self.at + 1}; write JSON, or Rest.li such as List(1,2) or (name:value) "
            "with : , ( ) ' % in values as %3A %2C %28 %29 %27 %25"
        )

    def _record(self) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, value in self._members(self._pair):
            if name in record:
                self.fail("a name is given twice")
            record[name] = value
        return record

    def _members(self, read: Callable[[], Any]) -> list[Any]:
        """What stands between commas up to the closing bracket."""
        self.depth += 1
        if self.depth > MOST_DEEP:
            self.fail(f"nested more than {MOST_DEEP} levels deep")
        found: list[Any] = []
        self._pass(_SPACES)
        while not self._take(")"):
            if found and not self._take(","):
                self.fail("a comma or ) is expected")
            self._pass(_SPACES)
            found.append(read())
            self._pass(_SPACES)
        self.depth -= 1
        return found

    def _pair(self) -> tuple[str, Any]:
        name = self._word()
        if not self._take(":"):
            self.fail("a colon is expected")
        self._pass(_SPACES)
        return name, self.value()

    def _word(self) -> str:
        """A text, escaped, or a raw URN. Spaces around it are not of it."""
        if self._take(EMPTY):
            return ""
        start = self.at
        self._pass_urn() if _URN.match(self.text, start) else self._pass(_TEXT)
        if not (word := self.text[start : self.at].strip()):
            self.fail("a value is missing")
        try:
            return unquote(word, errors="strict")
        except UnicodeDecodeError:
            self.fail("escapes that are no UTF-8")

    def _pass_urn(self) -> None:
        """Past a URN whose key may be a tuple: urn:li:sponsoredMessageContent:(urn:li:…:1,2)."""
        self._pass(_URN)
        if not self.text.startswith("(", self.at):
            self._pass(_TEXT)
            return
        self.at += 1
        self._members(self._word)

    def _pass(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        assert found
        self.at = found.end()

    def _take(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True
