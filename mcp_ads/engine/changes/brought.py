"""Budgets that change with a call although no parameter of its sets them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from mcp_ads.core import Entity, Write

from . import spend_effects as effects
from .spend_effects import Held
from .steps import Budget, money


def brought(call: Write, entity_of: Callable[[str], Entity], currency: str, zone: str) -> Iterator[Budget]:
    """What a call brings along, as amounts before and after, each kind of an entity added up."""
    for brings in call.brings():
        entity = entity_of(brings.entity)
        paths, kind = effects.own_paths(entity), effects.write_of(entity)
        before, after = (
            {(held.path, held.per): held for held in effects.total(records, paths, currency, kind, zone)}
            for records in (brings.before, brings.after)
        )
        for key in dict.fromkeys([*before, *after]):
            budget = _changed(before.get(key), after.get(key), currency)
            field = f"{brings.of}.{budget.field}" if brings.of else budget.field
            yield replace(budget, field=field, live=brings.live, owner=brings.owner)


def _changed(was: Held | None, will: Held | None, currency: str) -> Budget:
    """One amount as it was and as it will be; at least one of them is there."""
    there = will or was
    assert there is not None
    before, after = (money(held.amount, currency) if held else None for held in (was, will))
    budget = Budget(there.path, there.per, currency, before, after)
    pace, paced = will.pace if will else None, was.pace if was else None
    if pace is None or (paced is not None and pace <= paced):
        return budget
    known = None if paced is None else effects.rounded_up(paced, currency)
    return replace(budget, pace=effects.rounded_up(pace, currency), paced=known)
