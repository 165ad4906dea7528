"""Values as text: cells of a table, flat records, compact JSON; what cannot be seen spelled out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

MOST_CELL = 300
UNPRINTED = (0x200B, *range(0x2060, 0x2065), 0xFEFF)
"""Characters of no width that no script needs: with one in it, a name is not the name it looks like."""
DEPTH = 2
ESCAPES = str.maketrans(
    {chr(code): f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
    | {
        chr(code): f"\\u{code:04x}"
        for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *UNPRINTED)
    }
    | {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
)
"""Control characters, line separators, and marks that turn the direction of text."""
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""What a terminal obeys, what turns text around, and halves of characters, which no client can be sent.

Finding one takes a twentieth of the time of translating text that has none.
"""
_PLAIN = re.compile(r"[^\s\"'&=]*")


def visible(text: str) -> str:
    """The text with what cannot be seen spelled out; JSON stays the same JSON."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    """The visible text with its line breaks spelled out: what somebody wrote begins no line of ours."""
    return visible(text).replace("\n", "\\n")


def table(rows: list[Any], columns: tuple[str, ...]) -> list[str]:
    """Header and CSV rows; without columns, those of the records in the order they first appear."""
    flats = [flat(row, columns) for row in rows]
    names = columns or names_of(flats)
    return [header(names), *(line(row, names) for row in flats)] if names else []


def names_of(flats: list[dict[str, Any]]) -> tuple[str, ...]:
    """The columns of records in the order they first appear."""
    return tuple(dict.fromkeys(name for row in flats for name in row))


def header(names: tuple[str, ...]) -> str:
    return ",".join(map(cell, names))


def line(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return ",".join([cell(row.get(name)) for name in names])


def flat(record: Any, columns: tuple[str, ...] = ()) -> dict[str, Any]:
    """Nested objects as dotted keys, to a depth of two; a column asked for stays whole."""
    if not isinstance(record, Mapping):
        return {"value": record}
    out: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, str) or not (isinstance(value, Mapping) and value and key not in columns):
            out[key] = value
        else:
            out |= _dotted(key, value, 1)
    return out


def _dotted(prefix: str, record: Mapping[str, Any], depth: int) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in record.items():
        name = f"{prefix}.{key}"
        if isinstance(value, Mapping) and value and depth < DEPTH - 1:
            out |= _dotted(name, value, depth + 1)
        else:
            out[name] = value
    return out


def cell(value: Any, *, quote: bool = True) -> str:
    """One value: null is empty, empty text is "", long text is cut, control characters are escaped."""
    if isinstance(value, str):
        text = value
    elif value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    elif isinstance(value, bool):
        return str(value).lower()
    else:
        text = compact(value)
    if not text:
        return '""'
    if not text.isprintable():
        text = text.translate(ESCAPES)
    text = cut(text, MOST_CELL)
    if quote and ("," in text or '"' in text):
        return '"' + text.replace('"', '""') + '"'
    return text


def cut(text: str, most: int) -> str:
    """The text, or its first characters and how many more there are."""
    return text if len(text) <= most else f"{text[:most]}…(+{len(text) - most})"


def one_value(text: str) -> str:
    """A name or a value among others, in quotes where something in it could be taken for another one."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def compact(value: Any) -> str:
    """JSON without spaces; what JSON has no form for is text, a number that is none is null."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False)
    except ValueError:
        return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), default=str)


def plain(value: Any) -> Any:
    """The value in JSON's own types: other numbers, dates and what else there is as text, keys as text,
    and null for a number that is none (NaN, Infinity).
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def is_plain(value: Any) -> bool:
    """Whether the value is in JSON's own types already."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError):
        return False
    return True


def strange(value: Any) -> bool:
    """Whether a value contains a number that JSON has no form for: NaN or Infinity."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Mapping):
        return any(map(strange, value.values()))
    return isinstance(value, list | tuple) and any(map(strange, value))
