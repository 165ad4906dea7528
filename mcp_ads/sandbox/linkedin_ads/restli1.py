"""Rest.li 1.0 text: how a query is read when a call names no protocol version.

Lists are `ids[0]=1`, records `search.status.values[0]=ACTIVE`; what 2.0 writes in brackets is refused.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from .restli import RestliError

NAME = re.compile(r"[A-Za-z0-9_\-]+(?:\[\d+\])*(?:\.[A-Za-z0-9_\-]+(?:\[\d+\])*)*")
STEP = re.compile(r"[A-Za-z0-9_\-]+|\[\d+\]")
TWO = ("List(", "(")
MOST_INDEX = 1000


def parse_query(text: str) -> dict[str, Any]:
    """A whole query string. Values become str, list or dict."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if not NAME.fullmatch(name):
            raise RestliError(f"{name!r} is not a parameter")
        if name != "fields" and value.startswith(TWO):
            raise RestliError(f"{name}: {value[:40]!r} is Rest.li 2.0; send X-RestLi-Protocol-Version: 2.0.0")
        _put(found, STEP.findall(name), value)
    return {name: _lists(value) for name, value in found.items()}


def parse_key(text: str) -> Any:
    """A key in a path: one value, or `(account=urn:li:…,user=urn:li:…)`."""
    if not text.startswith("("):
        return unquote(text)
    pairs = [part.partition("=") for part in text.removeprefix("(").removesuffix(")").split(",")]
    if not text.endswith(")") or not all(name and equals and value for name, equals, value in pairs):
        raise RestliError(f"{text[:40]!r} is Rest.li 2.0; send X-RestLi-Protocol-Version: 2.0.0")
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _put(into: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        into = into.setdefault(step, {})
        if not isinstance(into, dict):
            raise RestliError(f"{step} is given as a value and as a record")
    if steps[-1] in into:
        raise RestliError(f"parameter {steps[-1]} is given twice")
    into[steps[-1]] = value


def _lists(value: Any) -> Any:
    """Records whose names are all `[n]` are lists."""
    if not isinstance(value, dict):
        return value
    if value and all(name.startswith("[") for name in value):
        ordered = sorted(value.items(), key=lambda item: int(item[0][1:-1]))
        if int(ordered[-1][0][1:-1]) > MOST_INDEX:
            raise RestliError("a list is too long")
        return [_lists(item) for _, item in ordered]
    return {name: _lists(inner) for name, inner in value.items()}
