"""Marks of ours in values: told in the answer they stand in, and refused in what would be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core.action import HIDDEN
from mcp_ads.core.links import MARK
from mcp_ads.core.raw_values import CUT
from mcp_ads.errors import InvalidParams

MOST_NAMED = 6
SAID = "{}: {} or {} stands for what is kept back (a credential, or people), and is not the platform's value"
REFUSED = (
    "has {!r}, which stands in answers for what they leave out: give the whole value, or leave the field out"
)
_SHORTENED = re.compile(r"…\(\+\d+\)")


def told(data: Any) -> list[str]:
    """A warning that names the fields of an answer in which something was cut out; none where nothing was."""
    found = [*dict.fromkeys(path for path, text in _texts(data, "") if MARK in text or CUT in text)]
    if not found:
        return []
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return [SAID.format(", ".join(path or "the value" for path in found[:MOST_NAMED]) + more, MARK, CUT)]


def check_whole(params: Mapping[str, Any]) -> None:
    """Raise InvalidParams with a line for each value to be written that an answer of ours had shortened."""
    given = {name: value for name, value in params.items() if name != "where"}  # which finds such values
    lines = [
        f"{path}: {REFUSED.format(mark)}" for path, text in _texts(given, "") if (mark := _mark_in(text))
    ]
    if lines:
        raise InvalidParams("\n".join(dict.fromkeys(lines)))


def _mark_in(text: str) -> str:
    shortened = _SHORTENED.search(text)
    marks = [mark for mark in (MARK, CUT) if mark in text] + [HIDDEN] * (text.strip() == HIDDEN)
    return marks[0] if marks else shortened[0] if shortened else ""


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a value with the names that lead to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, path)
    elif isinstance(value, str):
        yield path, value
