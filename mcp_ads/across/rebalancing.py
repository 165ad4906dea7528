"""Which budgets would bring a month's spend to its budget: in proportion, within what may change at once.

Pure. Only daily budgets change; what is protected, for a whole run, or not to be raised stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from mcp_ads.core.budgets import Budget, Budgets
from mcp_ads.core.cells import cut
from mcp_ads.core.money import offset, plain

from .pace import FILE, NONE, Pace, Paced, rounded

MOST_STEPS, MOST_NAME = 20, 40
Ceiling = Callable[[Paced, Budget], Decimal | None]
"""The most that settings let a daily budget be; None for any amount."""
Keeps = Callable[[Budget], str]
"""Why a budget has to stay as it is: PROTECTED or LATELY; empty where it need not."""
PROTECTED, LATELY = "protected", "changed in the last 24 hours"


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


@dataclass(frozen=True)
class _Item:
    """A daily budget that may be changed, and by how much at once."""

    account: Paced
    budget: Budget
    told: Budgets
    ceiling: Decimal | None

    @property
    def daily(self) -> Decimal:
        return self.budget.daily or NONE

    def within(self, wanted: Decimal, now: Decimal) -> Decimal:
        """The amount that is nearest to the wanted one and one step away from another, at most; never over
        what is wanted of a rise, nor under what is wanted of a cut.
        """
        unit, share = Decimal(1) / offset(self.account.currency), self.told.step / 100
        if wanted > now:
            most = [wanted, now * (1 + share), *([self.ceiling] if self.ceiling is not None else [])]
            return max(now, min(most).quantize(unit, ROUND_FLOOR))
        least = max(wanted, now * (1 - share), self.budget.least)
        return min(now, least.quantize(unit, ROUND_CEILING))


def proposal(
    pace: Pace, told: Mapping[str, Budgets], keeps: Keeps, ceiling: Ceiling, room: Decimal | None = None
) -> Proposal | None:
    """What would bring a row to its budget; None where it is on pace or nobody can say.

    `told` has what each connector says of its budgets, `room` is the most that its rises may add together.
    """
    needed, live = pace.needed, pace.a_day
    if pace.status not in ("over", "under") or needed is None:
        return None
    if pace.budget_from != FILE:
        return Proposal("no month budget in clients.toml: live budgets are not held against themselves")
    if live is None:
        return Proposal("its live budgets could not be read")
    raises = pace.status == "under"
    enough, over = f"live budgets allow {_said(live, pace)} a day", f"{_said(needed, pace)} needed"
    if raises and live >= needed:
        return Proposal(f"{enough}, {over}: they are not spent, so raising them changes nothing")
    if not raises and live <= needed:
        return Proposal(f"{enough} only, {over}: they are low enough")
    items, kept, runs = _sorted(pace, told, keeps, ceiling)
    movable = sum((item.daily for item in items), NONE)
    target = max(NONE, needed - (live - movable))
    target = min(target, movable + room) if raises and room is not None else target
    after, now = _steps(items, target)
    changes = [
        Changed(item.account, item.budget, amount, _decided(pace, item, amount))
        for item, amount in zip(items, after, strict=True)
        if amount != item.daily
    ]
    said = [*_lands(pace, items, after, now, target, len(changes))]
    said += [f"{len(names)} {why} stay" for why, names in kept.items()]
    said += [f"{runs} lifetime stay"] if runs else []
    said += [] if room is None else ["as much as settings let one plan add, shared out over all rises"]
    said += ["caps above may hold spend lower"] if any(item.budget.limits for item in items) else []
    return Proposal("; ".join(said), changes, kept.get(PROTECTED, []))


def _sorted(
    pace: Pace, told: Mapping[str, Budgets], keeps: Keeps, ceiling: Ceiling
) -> tuple[list[_Item], dict[str, list[str]], int]:
    """What may be changed, what stays by why, and how many budgets are for a whole run."""
    items, kept, runs = list[_Item](), dict[str, list[str]](), 0
    for one in pace.accounts:
        for budget in one.live or ():
            if budget.daily is None:
                runs += 1
            elif why := keeps(budget):
                kept.setdefault(why, []).append(f"{one.label} {budget.id} {cut(budget.name, MOST_NAME)!r}")
            else:
                facts = told[one.session.connector.name]
                items.append(_Item(one, budget, facts, ceiling(one, budget)))
    return items, kept, runs


def _steps(items: Sequence[_Item], target: Decimal) -> tuple[list[Decimal], list[Decimal]]:
    """The amounts after one step, and the sums after each until the target, or as near as may be."""
    amounts, sums, first = [item.daily for item in items], list[Decimal](), list[Decimal]()
    for _ in range(MOST_STEPS):
        after = _shared(items, amounts, target)
        first = first or after
        if after == amounts:
            break
        amounts = after
        sums.append(sum(amounts, NONE))
    return first, sums


def _shared(items: Sequence[_Item], now: Sequence[Decimal], target: Decimal) -> list[Decimal]:
    """The target shared out in proportion; what one cannot take within a step, the others take."""
    after, free = [*now], [*range(len(items))]
    while free:
        rest = target - sum((after[at] for at in range(len(items)) if at not in free), NONE)
        of = sum((now[at] for at in free), NONE)
        wanted = {at: now[at] * max(NONE, rest) / of for at in free} if of else {}
        found = {at: items[at].within(amount, now[at]) for at, amount in wanted.items()}
        unit = {at: Decimal(1) / offset(items[at].account.currency) for at in found}
        held = [at for at in found if abs(found[at] - wanted[at]) >= unit[at]]
        for at in held or free:
            after[at] = found.get(at, now[at])
        free = [at for at in free if at not in held] if held else []
    return after


def _lands(
    pace: Pace,
    items: Sequence[_Item],
    after: Sequence[Decimal],
    sums: Sequence[Decimal],
    target: Decimal,
    changed: int,
) -> Iterator[str]:
    """What a step comes to, and how many more it takes."""
    budget, before = pace.budget or NONE, pace.a_day or NONE
    if pace.spend > budget:
        yield f"spent {_said(pace.spend - budget, pace)} too much already"
    total = before + sum(after, NONE) - sum((item.daily for item in items), NONE)
    lands = pace.spend + total * pace.left
    yield f"{changed} of {len(items)} budgets: {_said(before, pace)} → {_said(total, pace)} a day"
    yield f"lands at {_said(lands, pace)} of {_said(budget, pace)} {pace.currency}"
    slack = Decimal(len(items) or 1) / offset(pace.currency)
    reached = next((at for at, amount in enumerate(sums, 1) if abs(amount - target) <= slack), 0)
    if not changed:
        yield "limits leave nothing to change"
    elif reached > 1:
        yield f"{reached} steps needed, 24 hours apart"
    elif not reached:
        more = len(sums) > 1
        yield "further steps, 24 hours apart, come nearer" if more else "limits allow no more for now"


def _decided(pace: Pace, item: _Item, after: Decimal) -> str:
    change = (after / item.daily - 1) * 100
    return (
        f"{pace.name} is {pace.status} its month: {_said(pace.needed or NONE, pace)} {pace.currency} a day "
        f"needed, {_said(pace.a_day or NONE, pace)} live; {change:+.1f} %, at most {item.told.step} % at once"
    )


def _said(amount: Decimal, pace: Pace) -> str:
    return plain(rounded(amount, pace.currency), pace.currency)
