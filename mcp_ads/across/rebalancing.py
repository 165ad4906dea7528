"""Which budgets would bring a month's spend to its budget: in proportion, within what may change at once.

Pure. Only daily budgets change; what is protected, for a whole run, or not to be raised stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from mcp_ads.core.budgets import Budget, Budgets
from mcp_ads.core.cells import cut
from mcp_ads.core.money import plain

from .pace import FILE, NONE, SPENT, Pace, Paced, rounded
from .stepping import Item, Steps, cost, steps_of

MOST_NAME = 40
Ceiling = Callable[[Paced, Budget], Decimal | None]
"""The most that settings let a daily budget be; None for any amount."""
Keeps = Callable[[Budget], str]
"""Why a budget has to stay as it is: PROTECTED or LATELY; empty where it need not."""
PROTECTED, LATELY = "protected", "changed in the last 24 hours"
OVER, UNSPENT = "whose month is over there", "that are not spent"
IDLE, WHOLE = "raising them changes nothing; look at bids, targeting, disapprovals", "which count whole here"


@dataclass(frozen=True)
class Changed:
    """A daily budget and what it would be, with what decided that."""

    account: Paced
    budget: Budget
    after: Decimal
    decided: str


@dataclass
class Proposal:
    """The changes for one row, and in words what they come to, or why there are none.

    `protected` are the budgets that stay because the client protects a campaign that spends them.
    """

    said: str
    changes: list[Changed] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)


@dataclass
class _Sorted:
    """What may be changed, what stays by why, how many budgets are for a whole run, and what all that stays
    comes to in the days left.
    """

    items: list[Item] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    runs: int = 0
    rest: Decimal = NONE


def proposal(pace: Pace, told: Mapping[str, Budgets], keeps: Keeps, ceiling: Ceiling) -> Proposal | None:
    """What would bring a row to its budget; None where it is on pace or nobody can say.

    `told` has what each connector says of its budgets.
    """
    needed, live = pace.needed, pace.a_day
    if pace.status not in ("over", "under") or needed is None:
        return None
    if pace.budget_from != FILE:
        return Proposal("no month budget in clients.toml: live budgets are not held against themselves")
    if live is None:
        return Proposal("its live budgets could not be read")
    raises = pace.status == "under"
    idle = _idle(pace)
    found = _sorted(pace, told, keeps, ceiling, idle if raises else {})
    days = [item.days for item in found.items]
    allowed = (found.rest + cost([item.daily for item in found.items], days)) / pace.left
    enough, over = f"live budgets allow {_said(allowed, pace)} a day", f"{_said(needed, pace)} needed"
    if raises and allowed >= needed:
        return Proposal(f"{enough}, {over}: they are not spent, so raising them changes nothing")
    if not raises and allowed <= needed:
        return Proposal(f"{enough} only, {over}: they are low enough")
    if raises and idle and not found.items:
        return Proposal(f"live budgets are not spent ({', '.join(dict.fromkeys(idle.values()))}): {IDLE}")
    steps = steps_of(found.items, max(NONE, needed * pace.left - found.rest))
    changes = [
        Changed(item.account, item.budget, amount, _decided(pace, item, amount))
        for item, amount in zip(found.items, steps.first, strict=True)
        if amount != item.daily
    ]
    said = [*_lands(pace, found, steps, len(changes)), *_stays(found, idle)]
    if raises and changes and (day := pace.provisional):
        said.append(f"spend from {day} on may still grow")
    return Proposal("; ".join(said), changes, found.kept.get(PROTECTED, []))


def _idle(pace: Pace) -> dict[str, str]:
    """The accounts that do not spend their live budgets, by label, and how much of these they do."""
    used = {one.label: one.used for one in pace.accounts}
    return {label: f"{share:.0f} %" for label, share in used.items() if share is not None and share < SPENT}


def _sorted(
    pace: Pace, told: Mapping[str, Budgets], keeps: Keeps, ceiling: Ceiling, idle: Mapping[str, str]
) -> _Sorted:
    """What may be changed, and what has to stay."""
    found = _Sorted()
    for one in pace.accounts:
        for budget in one.live or ():
            days = pace.ahead(one, budget)
            why = keeps(budget) or (UNSPENT if one.label in idle else "" if len(days) else OVER)
            if budget.daily is not None and not why:
                facts = told[one.session.connector.name]
                found.items.append(Item(one, budget, facts, ceiling(one, budget), len(days)))
                continue
            found.rest += budget.in_days(days) or NONE
            if budget.daily is None:
                found.runs += 1
            else:
                name = f"{one.label} {budget.id} {cut(budget.name, MOST_NAME)!r}"
                found.kept.setdefault(why, []).append(name)
    return found


def _stays(found: _Sorted, idle: Mapping[str, str]) -> Iterator[str]:
    """What stays as it is, and why."""
    yield from (f"{len(names)} {why} stay" for why, names in found.kept.items())
    if idle:
        shares = ", ".join(f"{label} spends {share} of its live budgets" for label, share in idle.items())
        yield f"{shares}, {WHOLE}{f': {IDLE}' if UNSPENT in found.kept else ''}"
    if found.runs:
        yield f"{found.runs} lifetime stay"
    if any(item.budget.limits for item in found.items):
        yield "caps above may hold spend lower"


def _lands(pace: Pace, found: _Sorted, steps: Steps, changed: int) -> Iterator[str]:
    """What a step comes to, how many more it takes, and what these come to where they do not suffice."""
    budget, before, known = pace.budget or NONE, pace.a_day or NONE, pace.spend + found.rest
    if pace.spend > budget:
        yield f"spent {_said(pace.spend - budget, pace)} too much already"
    more = zip(steps.first, found.items, strict=True)
    total = before + sum((after - item.daily for after, item in more), NONE)
    every = len(found.items) + sum(map(len, found.kept.values()))
    yield f"{changed} of {every} budgets: {_said(before, pace)} → {_said(total, pace)} a day"
    if changed and (left := len(found.items) - changed):
        yield f"{left} are at their limits"
    costs = steps.costs or [NONE]
    yield f"lands at {_said(known + costs[0], pace)} of {_said(budget, pace)} {pace.currency}"
    if not changed:
        yield "limits leave nothing to change"
        return
    if steps.reached and len(costs) > 1:
        yield f"{len(costs)} steps needed, 24 hours apart"
    elif not steps.reached and len(costs) > 1:
        yield f"further steps, 24 hours apart, bring it to {_said(known + costs[-1], pace)} at best"
    elif not steps.reached:
        yield "limits allow no more for now" if steps.held else "no day is left for a further step"
    evenly, raised = budget / len(pace.month), total > before
    if total > evenly if raised else total < evenly:
        way = "lower" if raised else "raise"
        yield f"they run on into the next month: {way} them on the 1st"


def _decided(pace: Pace, item: Item, after: Decimal) -> str:
    change = (after / item.daily - 1) * 100
    return (
        f"{pace.name} is {pace.status} its month: {_said(pace.needed or NONE, pace)} {pace.currency} a day "
        f"needed, {_said(pace.a_day or NONE, pace)} live; {change:+.1f} %, at most {item.told.step} % at once"
    )


def _said(amount: Decimal, pace: Pace) -> str:
    return plain(rounded(amount, pace.currency), pace.currency)
