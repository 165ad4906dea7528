"""How changes and values are put into words: a line per change, before → after, money in major units."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core import Write, dig
from mcp_ads.core.action import STATUS, live_path, money_of
from mcp_ads.core.money import plain

from .steps import Budget, quoted

SHOWN = 90
_PLAIN = re.compile(r"[A-Z0-9_:.+-]+|[0-9T:.+-]+Z?|@[0-9]+\.id")


def changes_said(call: Write, record: Mapping[str, Any], budgets: list[Budget]) -> list[str]:
    """A line per change; of a new object the money first, and without its name, which is said beside it."""
    known = money_of(type(call))
    paid = {
        live_path(type(call), each.field).partition(".")[0]: each for each in budgets if each.field in known
    }
    lines, new = [], not call.subject
    for name, after in call.changes().items():
        if name in paid:
            lines.append(f"{paid[name].field} {paid[name].text()}")
        elif not new:
            lines.append(f"{name} {short(record.get(name))} → {short(after)}")
        elif name != call.label and after not in ([], {}, ""):
            lines.append(f"{name} {short(after)}")
    return sorted(lines, key=lambda line: "budget" not in line) if new else lines


def now_said(call: Write, record: Mapping[str, Any], account: Mapping[str, Any] | None) -> Iterator[str]:
    """The fields a call changed as a record has them; of a new object only its state and money."""
    kind, currency = type(call), account["currency"] if account else ""
    amounts = {kind.model_fields[name].alias or name: name for name in money_of(kind)}
    for wire in call.changes():
        if (name := amounts.get(wire)) is not None:
            amount = money_of(kind)[name].major(dig(record, live_path(kind, name)), currency)
            yield f"{name} {plain(amount, currency)} {currency}" if amount is not None else f"{name} none"
        elif record.get(wire) is not None and (call.subject or wire in STATUS):
            yield f"{wire} {short(record[wire])}"


def short(value: Any) -> str:
    """A value on one line: names of states and numbers as they are, everything else quoted or as JSON."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else quoted(value, SHOWN)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…(+{len(text) - SHOWN})"
