"""Whether an object is as a change has set it, as far as a reading of it can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.core import Amount, Write, dig
from mcp_ads.core.action import live_path, money_of

from . import values
from .wording import short


def unlike(call: Write, record: Mapping[str, Any], currency: str, names: Iterable[str] = ()) -> list[str]:
    """The fields, of those named or all, that the call set and the record has otherwise.

    Money is compared as amounts, an object by what both have of it. What a record leaves out shows nothing.
    """
    kind = type(call)
    paid = {kind.model_fields[name].alias or name: name for name in money_of(kind)}
    wanted, only = call.sets(), set(names)
    return [
        wire
        for wire, value in wanted.items()
        if (not only or wire in only)
        and (
            _other_amount(call, paid[wire], record, currency)
            if wire in paid
            else wire in record and contradicts(record[wire], value)
        )
    ]


def _other_amount(call: Write, name: str, record: Mapping[str, Any], currency: str) -> bool:
    amount: Amount | None = getattr(call, name)
    spend = money_of(type(call))[name]
    now = spend.major(dig(record, live_path(type(call), name)), currency)
    return (now or Decimal(0)) != (spend.major(spend.spell(amount), currency) or Decimal(0))


def contradicts(now: Any, wanted: Any) -> bool:
    """Whether a value cannot be what was wanted: another number or word, more or fewer things in a list."""
    now = values.unpacked(now, wanted)
    if isinstance(now, Mapping) and isinstance(wanted, Mapping):
        return any(contradicts(now[key], value) for key, value in wanted.items() if key in now)
    if isinstance(now, list) and isinstance(wanted, list):
        plain = not any(isinstance(item, dict | list) for item in [*now, *wanted])
        if plain:
            return Counter(map(str, now)) != Counter(map(str, wanted))
        return len(now) != len(wanted) or any(_unmatched(now, wanted))
    if isinstance(now, Mapping | list) != isinstance(wanted, Mapping | list):
        return now not in (None, [], {}) or wanted not in (None, [], {}, "")
    return not values.same(now, wanted)


def _unmatched(now: list[Any], wanted: list[Any]) -> tuple[list[Any], list[Any]]:
    """The items of two lists that have no counterpart in the other, in whatever order they stand."""
    left, missing = list(now), []
    for item in wanted:
        counterpart = next((at for at, other in enumerate(left) if not contradicts(other, item)), None)
        if counterpart is None:
            missing.append(item)
        else:
            left.pop(counterpart)
    return left, missing


def parts_unlike(path: str, now: Any, wanted: Any) -> Iterator[str]:
    """The parts of a value that are not as they were set, each with both values."""
    if not contradicts(now, wanted):
        return
    if isinstance(now, Mapping) and isinstance(wanted, Mapping):
        for key in (key for key in wanted if key in now):
            yield from parts_unlike(f"{path}.{key}", now[key], wanted[key])
    elif isinstance(now, list) and isinstance(wanted, list) and len(now) == len(wanted):
        for item_now, item_wanted in zip(*_unmatched(now, wanted), strict=True):
            yield f"{path} has {short(item_now)}, set was {short(item_wanted)}"
    else:
        yield f"{path} is {short(now)}, set was {short(wanted)}"
