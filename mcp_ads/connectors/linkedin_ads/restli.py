"""Rest.li 2.0 spelling: List(a,b) and (key:value), everything else percent-encoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

EMPTY = "''"
PROJECTION = ",:()*$"


def encode(value: Any) -> str:
    """One value of a query or key: {"a": [1, "b:c"]} is spelled (a:List(1,b%3Ac))."""
    if isinstance(value, Mapping):
        return "(" + ",".join(f"{encode(str(key))}:{encode(inner)}" for key, inner in value.items()) + ")"
    if isinstance(value, list | tuple):
        return "List(" + ",".join(map(encode, value)) + ")"
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


def items(value: Any) -> Iterable[str]:
    """The texts in a list, which may itself be spelled as Rest.li: List(urn%3Ali%3Ageo%3A1,2)."""
    for item in value if isinstance(value, list) else [value]:
        text = str(item).strip()
        inner = text[5:-1] if text.startswith("List(") and text.endswith(")") else text
        yield from (decode(part.strip()) for part in inner.split(",") if part.strip())
