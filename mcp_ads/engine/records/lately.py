"""What the log of changes knows of the last 24 hours: the lowest amounts, what was set, and what was made."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mcp_ads.engine.changes.steps import PEAK, State

SENDING: State = "sending"
SET = ("done", "unknown", SENDING)
REMOVALS = ("archive", "delete")
Key = tuple[str, str]
"""An object's id, and a field of it."""


@dataclass(frozen=True)
class Lately:
    """What was changed in the last 24 hours, or may have been.

    `lowest` is the lowest amount by object and field. `moved` is when an amount was last set or may have
    been, and whether nobody knows; what only begins or ceases to be spent is not. `made` is the id and the
    time of what was created and not removed since, by `made_key`, and of requests somebody wrote out; the id
    is empty where nobody knows whether it was made.
    """

    lowest: dict[Key, Decimal] = field(default_factory=dict)
    moved: dict[Key, tuple[str, bool]] = field(default_factory=dict)
    made: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)


def lately(lines: Iterable[dict[str, Any]]) -> Lately:
    """What lines of the last 24 hours, the last first, come to."""
    known, gone = Lately(), set[tuple[str, str]]()
    for line in _set(lines):
        _note_amounts(known, line)
        _note_made(known, line, gone)
    return known


def _note_amounts(known: Lately, line: dict[str, Any]) -> None:
    own, doubtful, sets = str(line["id"]), line["outcome"] != "done", line.get("sets")
    for name, before, after in _amounts(line):
        for amount in filter(None, (before, after)):
            _lower(known, (own, name), amount)
        if name in sets if isinstance(sets, list) else before and after:  # older lines do not tell which
            known.moved.setdefault((own, name), (str(line.get("at")), doubtful))
    for key, amount in (*_paces(line), *_peaks(line)):
        _lower(known, key, amount)


def _lower(known: Lately, key: Key, amount: Decimal) -> None:
    known.lowest[key] = min(known.lowest.get(key, amount), amount)


def _note_made(known: Lately, line: dict[str, Any], gone: set[tuple[str, str]]) -> None:
    connector, made, at = str(line.get("connector")), str(line["id"] or ""), str(line.get("at"))
    entity, _, action = str(line.get("what")).rpartition(".")
    account = str(line.get("account"))
    if sends := line.get("sends"):
        known.made.setdefault((connector, account, entity, str(sends)), (made, at))
    elif action in REMOVALS or line.get("ending"):
        gone.add((connector, made))
    elif (line.get("does") == "makes" or action == "create") and (connector, made) not in gone:
        within = line.get("within")
        places = map(str, within) if isinstance(within, list) else ()
        known.made.setdefault((connector, account, entity, str(line.get("name")), *places), (made, at))


def _set(lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What was changed, or may have been: one line for each change."""
    answered = set[str]()
    for line in lines:
        ref = str(line.get("ref") or "")
        if line["outcome"] != SENDING:
            answered.add(ref)
        elif ref in answered:
            answered.discard(ref)
            continue
        if line["outcome"] in SET:
            yield line


def _amounts(line: dict[str, Any]) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    """The fields of a line with their amounts before and after."""
    for name, before, after, _ in _rows(line, "budgets", 4):
        yield str(name), _amount(before), _amount(after)


def _paces(line: dict[str, Any]) -> Iterator[tuple[Key, Decimal]]:
    """What a line's amounts for a whole run came to a day, by object and field; older lines have none."""
    for object_id, name, *amounts in _rows(line, "paces", 4):
        for amount in filter(None, map(_amount, amounts)):
            yield (str(object_id), a_day(str(name))), amount


def _peaks(line: dict[str, Any]) -> Iterator[tuple[Key, Decimal]]:
    """What daily budgets came to at most, by object; older lines have none."""
    for owner, *amounts in _rows(line, "peaks", 3):
        for amount in filter(None, map(_amount, amounts)):
            yield (str(owner), PEAK), amount


def _rows(line: dict[str, Any], name: str, size: int) -> Iterator[list[Any]]:
    """The rows under a name, as far as they are such."""
    rows = line.get(name)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == size:
            yield row


def _amount(text: Any) -> Decimal | None:
    """An amount above nothing; None for none, and for what cannot be read."""
    with contextlib.suppress(ValueError, TypeError, ArithmeticError):
        return amount if (amount := Decimal(text)) > 0 else None
    return None


def a_day(name: str) -> str:
    """The field under which the log has what an amount for a whole run comes to a day."""
    return f"{name} a day"
