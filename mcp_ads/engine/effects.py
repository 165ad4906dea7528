"""What a write means in money: the amounts it sets, and the budgets that begin or cease to be spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mcp_ads.core import Amount, Entity, Spend, Write, dig
from mcp_ads.core.action import DELIVERING, STATUS, live_path, money_of

from .steps import Budget, Step, money

STOPPING = ("pause", "archive", "delete")


@dataclass(frozen=True)
class Held:
    """One budget as a record has it: its path there, its amount, and the parent it belongs to."""

    path: str
    per: str
    amount: Decimal
    whose: str = ""


def own_paths(entity: Entity) -> Mapping[str, Spend]:
    """Where a record of this entity has its own budgets."""
    kind = entity.actions.get("update") or entity.actions.get("create")
    if kind is None:
        return {}
    found = {live_path(kind, name): (name, spend) for name, spend in money_of(kind).items()}
    return {path: spend for path, (name, spend) in found.items() if spend.per != "bid" and "budget" in name}


def held(record: Mapping[str, Any], paths: Mapping[str, Spend], currency: str, whose: str = "") -> list[Held]:
    """The budgets a record has; of a path through a parent's record, the parent's."""
    found = []
    for path, spend in paths.items():
        if (amount := spend.major(dig(record, path), currency)) is not None:
            parent, _, name = path.rpartition(".")
            owner = str(dig(record, f"{parent}.id") or parent) if parent else whose
            found.append(Held(path if parent else name, spend.per, amount, owner))
    return found


def total(records: Iterable[Mapping[str, Any]], paths: Mapping[str, Spend], currency: str) -> list[Held]:
    """The budgets of all objects that are switched on, added up."""
    sums: dict[tuple[str, str], Decimal] = {}
    for record in records:
        for each in held(record, paths, currency) if is_on(record) else ():
            sums[each.path, each.per] = sums.get((each.path, each.per), Decimal(0)) + each.amount
    return [Held(path, per, amount) for (path, per), amount in sums.items()]


def is_on(record: Mapping[str, Any]) -> bool:
    """Whether the object itself is switched on."""
    return any(record.get(name) in DELIVERING for name in STATUS)


def is_live(record: Mapping[str, Any]) -> bool:
    """Whether it is switched on and, where the platform says so, nothing above it is off."""
    above = str(record.get("effective_status") or "")
    return is_on(record) and not above.endswith(("PAUSED", "ARCHIVED", "DELETED"))


def starts(call: Write, record: Mapping[str, Any]) -> bool:
    """Whether the call switches on what was off."""
    return call.delivers() and not is_on(record)


def stops(call: Write, action: str, record: Mapping[str, Any]) -> bool:
    """Whether the call ends a delivery."""
    status = next((value for name in STATUS if (value := call.changes().get(name))), None)
    return is_live(record) and (action in STOPPING or (status is not None and status not in DELIVERING))


def amounts_set(call: Write, record: Mapping[str, Any], currency: str) -> list[Budget]:
    """The amounts the call sets or takes away, before and after."""
    kind, changes = type(call), call.changes()
    live = is_live(record) or call.delivers()
    found = []
    for name, spend in money_of(kind).items():
        amount: Amount | None = getattr(call, name)
        wire = kind.model_fields[name].alias or name
        if amount is None and not (wire in changes and changes[wire] is None):
            continue
        was = spend.major(dig(record, live_path(kind, name)), currency)
        before = money(was, currency) if was is not None else None
        none = amount is None or (amount.number == 0 and spend.per != "bid")
        after = None if amount is None or none else money(amount.number, currency)
        found.append(Budget(name, spend.per, currency, before, after, live=live))
    return found


def switched(holdings: Iterable[Held], currency: str, *, on: bool) -> list[Budget]:
    """Budgets that begin to be spent, or cease to."""
    found = []
    for each in holdings:
        text = money(each.amount, currency)
        before, after = (None, text) if on else (text, None)
        found.append(
            Budget(each.path, each.per, currency, before, after, given=False, live=True, whose=each.whose)
        )
    return found


def paid(steps: Iterable[Step]) -> Iterator[Budget]:
    """The budgets of all steps; one that begins or ceases to be spent, only once for all steps that do it."""
    seen = set()
    for step in steps:
        for budget in step.budgets:
            key = (step.connector, budget.whose or step.object_id, budget.field, budget.rise > 0)
            if budget.pays and (budget.given or key not in seen):
                if not budget.given:
                    seen.add(key)
                yield budget


def changed_paths(call: Write) -> set[str]:
    """Where the record has the amounts that the call itself sets."""
    kind = type(call)
    return {live_path(kind, name) for name in money_of(kind) if getattr(call, name) is not None}
