"""Results and errors as text: small, one grammar, the same on every platform.

A table is a line `meta: {json}`, a header and CSV rows; one record is `key: value` lines; an error is a few labelled
lines. Text that advertisers wrote is data: escaped, cut, never part of our sentences.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..core import Result
from ..errors import AdsError, ApiError, CallError

MOST_CHARS = 20_000
MOST_CELL = 300
MOST_SAID = 300
DEPTH = 2
_ESCAPES = str.maketrans({chr(code): f"\\x{code:02x}" for code in (*range(32), 127)} | {"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def render(result: Result, style: str = "table") -> str:
    """The answer as the agent reads it, at most about 20,000 characters, cut between rows."""
    if style == "json":
        return _fitting(result, _as_json)
    if result.text:
        return result.text
    return _fitting(result, _as_table)


def _fitting(result: Result, write: Any) -> str:
    text: str = write(result)
    rows = result.data if isinstance(result.data, list) else []
    while len(text) > MOST_CHARS and len(rows) > 1:
        keep = max(1, min(len(rows) - 1, int(len(rows) * MOST_CHARS / len(text) * 0.98)))
        rows, result = rows[:keep], _shortened(result, keep)
        text = write(result)
    return text


def _shortened(result: Result, keep: int) -> Result:
    meta = {**result.meta, "rows": keep, "more": True}
    if result.cursor_at:
        meta["cursor"] = result.cursor_at(keep)
    return Result(result.data[:keep], meta, result.errors, result.columns, result.text, result.cursor_at)


def _as_json(result: Result) -> str:
    return compact({"data": result.data, "errors": result.errors, "meta": result.meta})


def _as_table(result: Result) -> str:
    lines = [f"meta: {compact(result.meta)}"] if result.meta else []
    if isinstance(result.data, list):
        lines += table(result.data, result.columns)
    elif isinstance(result.data, Mapping):
        lines += [f"{key}: {cell(value, quote=False)}" for key, value in flat(result.data).items()]
    elif result.data is not None:
        lines.append(str(result.data))
    lines += [f"error: {compact(each)}" for each in result.errors]
    return "\n".join(lines)


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
    text = value if isinstance(value, str) else compact(value) if isinstance(value, Mapping | list) else str(value)
    text = cut(text.translate(_ESCAPES), MOST_CELL)
    if quote and any(mark in text for mark in ',"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…(+{len(text) - most})"


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def render_error(error: AdsError) -> str:
    """An error as the agent reads it: what is wrong, what was sent, who can do what."""
    first, *rest = error.lines or ["something is wrong"]
    lines = [f"ERROR {type(error).__name__}: {first}", *(f"  {each}" for each in rest), f"sent: {error.sent}"]
    if isinstance(error, ApiError):
        lines += _platform_lines(error)
    if error.fix:
        lines.append(f"fix: {error.who}: {error.fix}")
    if isinstance(error, CallError) and error.signature:
        lines.append(f"signature: {error.signature}")
    return "\n".join(lines)


def _platform_lines(error: ApiError) -> Iterable[str]:
    facts = [error.code and f"code {error.code}", error.status and f"HTTP {error.status}", error.request_id]
    if known := " ".join(str(each) for each in facts if each):
        yield f"platform: {known}"
    if error.says:
        yield f"says: {compact(cut(error.says.translate(_ESCAPES), MOST_SAID))}"
    if error.trace:
        yield f"trace={error.trace}"


def as_row(index: int, error: AdsError) -> dict[str, Any]:
    """An error of one item among many."""
    row: dict[str, Any] = {"index": index, "code": type(error).__name__, "message": str(error), "fix": error.fix}
    if isinstance(error, ApiError):
        row |= {"platform": error.code, "says": cut(error.says, MOST_SAID), "sent": error.sent, "trace": error.trace}
    return {key: value for key, value in row.items() if value not in ("", None)}
