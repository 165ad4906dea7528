"""Results as text: small, one grammar, the same on every platform.

A table is a line `meta: {json}`, a header and CSV rows; one record is `key: value` lines. Text that
advertisers wrote is data: escaped, cut, never part of our sentences.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mcp_ads.core import Result

MOST_CHARS = 20_000
MOST_CELL = 300
DEPTH = 2
NOT_DONE = ("ready", "sending", "failed", "unknown")
ESCAPES = str.maketrans(
    {chr(code): f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
    | {
        chr(code): f"\\u{code:04x}"
        for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    }
    | {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
)
"""Control characters, line separators, and marks that turn the direction of text."""
_UNSEEN = {
    code: f"\\u{code:04x}"
    for code in (
        *(each for each in range(32) if chr(each) not in "\n\t"),
        *range(127, 160),
        *(0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
        *range(0xD800, 0xE000),
    )
}
"""What a terminal obeys, what turns text around, and halves of characters, which no client can be sent."""


def render(result: Result, style: str = "table") -> str:
    """The answer as the agent reads it, at most about 20,000 characters, cut between rows."""
    if style == "json":
        return visible(_fitting(result, _as_json))
    return visible(result.text or _fitting(result, _as_table))


def visible(text: str) -> str:
    """The text with what cannot be seen spelled out; JSON stays the same JSON."""
    return text.translate(_UNSEEN)


def _fitting(result: Result, write: Callable[[Result], str]) -> str:
    text = write(result)
    while len(text) > MOST_CHARS and isinstance(result.data, list) and len(result.data) > 1:
        rows = len(result.data)
        keep = max(1, min(rows - 1, int(rows * MOST_CHARS / len(text) * 0.98)))
        result = _shortened(result, keep)
        text = write(result)
    return text if len(text) <= MOST_CHARS else write(_with_short_values(result))


def _shortened(result: Result, keep: int) -> Result:
    meta = {**result.meta, "rows": keep, "more": True}
    if result.cursor_at:
        meta["cursor"] = result.cursor_at(keep)
    else:
        note = f"cut after {keep} of {len(result.data)} rows: ask for the others apart, or for fewer fields"
        meta["warnings"] = [*result.meta.get("warnings", []), note]
    return replace(result, data=result.data[:keep], meta=_in_order(meta))


def _in_order(meta: dict[str, Any]) -> dict[str, Any]:
    """The cursor beside the counts, where a cursor always is."""
    first = [name for name in ("SANDBOX", "host", "rows", "more", "cursor") if name in meta]
    return {name: meta[name] for name in dict.fromkeys([*first, *meta])}


def _with_short_values(result: Result) -> Result:
    """The same with long values as cut text: one record that is too long by itself."""
    rows = result.data if isinstance(result.data, list) else [result.data]
    short = [{k: _short(v) for k, v in row.items()} if isinstance(row, Mapping) else row for row in rows]
    return replace(result, data=short if isinstance(result.data, list) else short[0])


def _short(value: Any) -> Any:
    text = value if isinstance(value, str) else compact(value)
    return value if len(text) <= MOST_CELL else cut(text, MOST_CELL)


def _as_json(result: Result) -> str:
    meta = {"PARTIAL": partly(result), **result.meta} if partly(result) else result.meta
    return compact({"data": result.data, "errors": result.errors, "meta": stated(meta)})


def stated(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer says of itself: totals only where it does not have all rows."""
    whole = meta.get("rows") == meta.get("total")
    return {name: value for name, value in meta.items() if not (whole and name == "totals")}


def _as_table(result: Result) -> str:
    lines = [f"PARTIAL: {partly(result)}"] if partly(result) else []
    lines += [f"meta: {compact(stated(result.meta))}"] if result.meta else []
    if isinstance(result.data, list):
        lines += table(result.data, result.columns)
    elif isinstance(result.data, Mapping):
        lines += [
            f"{cell(key, quote=False)}: {cell(value, quote=False)}"
            for key, value in flat(result.data).items()
        ]
    elif result.data is not None:
        lines.append(cell(result.data, quote=False))
    lines += [f"error: {compact(each)}" for each in result.errors]
    return "\n".join(lines)


def partly(result: Result) -> str:
    """How much of what was asked for was done; empty when all was."""
    if not result.errors or result.text:
        return ""
    rows = result.data if isinstance(result.data, list) else [result.data]
    done = sum(not (isinstance(row, Mapping) and row.get("state") in NOT_DONE) for row in rows)
    return f"{done} of {max(len(rows), done + len(result.errors))} done; do not repeat these"


def table(rows: list[Any], columns: tuple[str, ...]) -> list[str]:
    """Header and CSV rows; without columns, those of the records in the order they first appear."""
    flats = [flat(row, columns) if isinstance(row, Mapping) else {"value": row} for row in rows]
    names = columns or tuple(dict.fromkeys(name for row in flats for name in row))
    if not names:
        return []
    return [",".join(map(cell, names)), *(",".join(cell(row.get(name)) for name in names) for row in flats)]


def flat(record: Mapping[str, Any], columns: tuple[str, ...] = ()) -> dict[str, Any]:
    """Nested objects as dotted keys, to a depth of two; a column asked for stays whole."""
    out: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and value and key not in columns:
            out |= _dotted(key, value, 1)
        else:
            out[key] = value
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
    if value is None:
        return ""
    if value == "":
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    text = value if isinstance(value, str) else compact(value)
    text = cut(text.translate(ESCAPES), MOST_CELL)
    if quote and any(mark in text for mark in ',"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…(+{len(text) - most})"


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
