"""How changes and values are put into words: a line per change, before → after, money in major units."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core import Write, dig
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.money import Amount, plain

from .steps import Budget, quoted
from .values import covers

SHOWN = 90
MAYBE_MADE = "may have been made at"
"""How a warning tells of an earlier creation of unknown outcome: it stands before all others."""
MOST_NEW = 400
"""Characters of one value of something new: there is nothing before it to compare it with."""
MOST_LEAF = 60
MOST_PROMINENT, MOST_VALUES, MOST_PATH = 1_600, 12, 60
_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Z0-9_:.+-]+|[0-9T:.+-]+Z?|@[0-9]+\.id")

_HALF_NUMBER = re.compile(r"-?[0-9][0-9.]*$")


def changes_said(call: Write, record: Mapping[str, Any], budgets: list[Budget]) -> list[str]:
    """A line per change, and one for what is done beside; of a new object the money first, and without its
    name, which is said beside it.
    """
    known = money_of(type(call))
    paid = {
        live_path(type(call), budget.field).partition(".")[0]: budget
        for budget in budgets
        if budget.field in known
    }
    lines, money, new = list[str](), list[str](), call.does == "makes"
    worded = call.in_words(record)
    for name, after in call.merged(record).items():
        if name in worded:
            lines += worded[name]
        elif name in paid:
            first = money if new and paid[name].pays else lines
            first.append(f"{paid[name].field} {paid[name].text()}")
        elif not new:
            before = record.get(name)
            if name in call.states.fields and isinstance(before, Mapping):
                before = next((word for word in before.values() if isinstance(word, str)), before)
            lines.append(f"{name} {short(before)} → {short(after)}")
        elif name != call.name_at and after not in ([], {}, ""):
            lines.append(f"{name} {short(after, MOST_NEW)}")
    bids = [f"{budget.field} {budget.text()}" for budget in budgets if budget.then and not budget.given]
    return [*money, *lines, *bids, *([effect] if (effect := call.effect()) else [])]


def rounded_said(call: Write) -> list[str]:
    """Each amount that a change would make finer than its currency, and what is sent for it."""
    amounts = [(name, getattr(call, name)) for name in money_of(type(call))]
    return [
        f"{name}: {plain(amount.unrounded, amount.currency)} is rounded down to "
        f"{plain(amount.number, amount.currency)} {amount.currency}"
        for name, amount in amounts
        if isinstance(amount, Amount) and amount.unrounded is not None
    ]


def parents_said(call: Write, lines: list[str], parents: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The lines of a new object, with the names and states of what it is made in beside their ids."""
    for name, record in parents.items():
        wire, value = type(call).model_fields[name].alias or name, getattr(call, name)
        known = record.get(call.name_at) or record.get("name")
        told = [quoted(str(known))] if known else []
        told += [short(state)] if (state := state_of(call, record)) else []
        plain_id = str(value).rpartition(":")[2]
        lines = [
            " ".join([wire, plain_id, *told]) if told and line.startswith(f"{wire} ") else line
            for line in lines
        ]
    return lines


def put_away_said(call: Write, parents: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """That something is made in what does not deliver any more: a platform may take it without a word."""
    states = [(name, state_of(call, record)) for name, record in parents.items()]
    return [
        f"{name} {str(getattr(call, name)).rpartition(':')[2]} is {state}: nothing made in it delivers"
        for name, state in states
        if call.states.is_over(state)
    ]


def state_of(call: Write, record: Mapping[str, Any]) -> str:
    """The state of a record that is spelt like the call's own; empty where it has none."""
    return next((str(record[name]) for name in call.states.fields if record.get(name)), "")


def lost_said(call: Write, record: Mapping[str, Any]) -> list[str]:
    """What the object has and will no longer have, because the call replaces what it stands in as a whole."""
    paid = {live_path(type(call), name).partition(".")[0] for name in money_of(type(call))}
    told = {*paid, *call.merges, *call.in_words(record)}
    return [
        f"{path} {_whole(value)}"
        for name, after in (call.merged(record).items() if call.does == "changes" else ())
        if name not in told
        for path, value in _lost(name, record.get(name), after)
    ]


def _lost(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a value that another in its place lacks, each with its path."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name, value in before.items():
            if name in after:
                yield from _lost(f"{path}.{name}", value, after[name])
            elif value not in (None, "", [], {}):
                yield f"{path}.{name}", value
    elif isinstance(before, list) and isinstance(after, list):
        gone = [item for item in before if not any(covers(item, other) for other in after)]
        yield from [(path, gone)] if gone else []


def prominent_said(call: Write, params: Mapping[str, Any]) -> list[str]:
    """What a person has to see whole, a line a value: addresses, and what the call says is prominent."""
    paths_of: dict[str, list[str]] = {}
    for path, value in _values("", params):
        names = set(path.split("."))
        named = path != call.name_at and not names.isdisjoint(call.prominent)
        if value not in (None, "") and (named or _ADDRESS.match(str(value))):
            paths_of.setdefault(str(value), []).append(path)
    room = MOST_PROMINENT // max(1, min(len(paths_of), MOST_VALUES))
    lines = [f"{', '.join(paths)[:MOST_PATH]} {quoted(value, room)}" for value, paths in paths_of.items()]
    more = [f"and {len(lines) - MOST_VALUES} more values like these"] if len(lines) > MOST_VALUES else []
    return [*lines[:MOST_VALUES], *more]


def _values(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The plain values in another one, each with the names that lead to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _values(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(path, inner)
    else:
        yield path, value


def texts_cut(value: Any) -> Any:
    """A value of which every text, however deep, is of a length that hides nothing beside it."""
    if isinstance(value, Mapping):
        return {name: texts_cut(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [texts_cut(inner) for inner in value]
    long = isinstance(value, str) and len(value) > MOST_LEAF
    return f"{value[:MOST_LEAF]}…(+{len(value) - MOST_LEAF})" if long else value


def _whole(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def now_said(call: Write, record: Mapping[str, Any], account: Mapping[str, Any] | None) -> Iterator[str]:
    """The fields a call changed as a record has them; of a new object only its state and money."""
    kind, currency = type(call), account["currency"] if account else ""
    amounts = {kind.model_fields[name].alias or name: name for name in money_of(kind)}
    for wire in call.sets():
        if (name := amounts.get(wire)) is not None:
            amount = money_of(kind)[name].major(dig(record, live_path(kind, name)), currency)
            yield f"{name} {plain(amount, currency)} {currency}" if amount is not None else f"{name} none"
        elif record.get(wire) is not None and (call.does != "makes" or wire in kind.states.fields):
            yield f"{wire} {short(record[wire])}"


def short(value: Any, most: int = SHOWN) -> str:
    """A value on one line: names of states and numbers as they are, everything else quoted or as JSON.

    Of an object or a list at most so many characters, with each of its texts cut before the whole is.
    """
    if value is None:
        return "none"
    if isinstance(value, str):
        return value if len(value) <= SHOWN and _PLAIN.fullmatch(value) else quoted(value, SHOWN)
    text = json.dumps(texts_cut(value), ensure_ascii=False, separators=(",", ":"), default=str)
    if len(text) <= most:
        return text
    kept = _HALF_NUMBER.sub("", text[: most + 1])[:most]
    return f"{kept}…(+{len(text) - len(kept)})"
