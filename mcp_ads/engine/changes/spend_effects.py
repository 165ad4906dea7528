"""What a write means in money: the amounts it sets, and the budgets that begin or cease to be spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import ROUND_UP, Decimal
from typing import Any

from mcp_ads.core import Amount, Entity, Spend, Write, dig
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.money import offset
from mcp_ads.core.runs import Run, last_day, run_of

from .steps import LIMIT, Budget, money

LEAP = 2
STOPPING = ("pause", "archive", "delete")
UTC_ZONE = "UTC"
ENDLESS = Run()
INHERITED = "_inherited"
"""Where planning notes, in what it prices with, the amounts an object takes from another."""
THEN = "_then"
"""Where it notes the amounts that an object will take from another once it has none of its own."""


@dataclass(frozen=True)
class Held:
    """One budget as a record has it: its path there, its amount, and the parent it belongs to.

    `pace` is what an amount for a whole run comes to a day, None where that is not known.
    """

    path: str
    per: str
    amount: Decimal
    whose: str = ""
    pace: Decimal | None = None


def write_of(entity: Entity) -> type[Write] | None:
    """The action whose declarations say what an object of this entity is like."""
    kind = entity.actions.get("update") or entity.actions.get("create")
    return kind if kind is not None and issubclass(kind, Write) else None


def own_paths(entity: Entity) -> Mapping[str, Spend]:
    """Where a record of this entity has its own budgets."""
    kind = write_of(entity)
    marks = money_of(kind).items() if kind else ()
    return {live_path(kind, name): spend for name, spend in marks if kind and spend.is_budget}


def times_of(entity: Entity) -> list[str]:
    """Where a record of this entity says when it runs, whether it spends all of an amount at once, and what
    changes its budget on some days.
    """
    kind = write_of(entity)
    return [path for path in (kind.begins, kind.ends, kind.rushed[0], kind.ruled_at) if path] if kind else []


def states_of(entity: Entity) -> list[str]:
    """Where a record of this entity says whether it is switched on, and whether it serves."""
    kind = write_of(entity)
    return [field for field in kind.watch if field in (*kind.states.fields, *kind.moving)] if kind else []


def run(kind: type[Write] | None, record: Mapping[str, Any], zone: str) -> Run:
    """When an object runs, as its record says, and whether what it has for that is spread over its days."""
    if kind is None or not kind.ends:
        return Run()
    (field, word), begins = kind.rushed, dig(record, kind.begins) if kind.begins else None
    said = record.get(field)
    is_rushed = bool(field) and word in (said if isinstance(said, list) else [said])
    return replace(run_of(begins, dig(record, kind.ends), zone), at_once=is_rushed)


def limits(kind: type[Write] | None, record: Mapping[str, Any], zone: str) -> Run:
    """When an object can spend, as far as its record says: within its run, and within its parents'."""
    limited = run(kind, record, zone)
    for path in kind.ended_by if kind else ():
        limited = limited.within(run_of(None, dig(record, path), zone))
    return limited


def held(
    record: Mapping[str, Any],
    paths: Mapping[str, Spend],
    currency: str,
    whose: str = "",
    when: Run | None = None,
    at: datetime | None = None,
) -> list[Held]:
    """The budgets a record has `at` a moment; of a path through a parent's record, the parent's."""
    holdings = []
    for path, spend in paths.items():
        if (amount := spend.major(dig(record, path), currency)) is not None:
            parent, _, name = path.rpartition(".")
            owner = str(dig(record, f"{parent}.id") or parent) if parent else whose
            holdings.append(Held(path if parent else name, spend.per, amount, owner))
    daily = any(holding.per == "day" for holding in holdings)
    days = when.days(at or now()) if when and not daily else None
    return [
        replace(holding, pace=holding.amount / days) if days and not daily else holding
        for holding in holdings
    ]


def total(
    records: Iterable[Mapping[str, Any]],
    paths: Mapping[str, Spend],
    currency: str,
    kind: type[Write] | None = None,
    zone: str = UTC_ZONE,
    within: Run = ENDLESS,
    at: datetime | None = None,
) -> list[Held]:
    """The budgets of all objects that are switched on and whose run is not over, added up.

    All of them run `within` what they are part of.
    """
    sums: dict[tuple[str, str], Held] = {}
    moment = at or now()
    for record in records:
        when = run(kind, record, zone)
        runs = is_on(kind, record) and not when.over(moment)
        for holding in held(record, paths, currency, "", when.within(within), moment) if runs else ():
            before = sums.get((holding.path, holding.per), Held(holding.path, holding.per, Decimal(0)))
            pace = holding.pace if before.pace is None else before.pace + (holding.pace or 0)
            sums[holding.path, holding.per] = replace(
                before, amount=before.amount + holding.amount, pace=pace
            )
    return list(sums.values())


def last(records: Iterable[Mapping[str, Any]], kind: type[Write] | None, zone: str) -> Run:
    """Until when any of these objects spends: the end of the last that is switched on and not over."""
    runs = [
        one for record in records if is_on(kind, record) and not (one := run(kind, record, zone)).over(now())
    ]
    known = [one.ends for one in runs if one.ends is not None]
    until = max(known, default=None) if len(known) == len(runs) else None
    return Run(None, until, any(one.at_once for one in runs))


def now() -> datetime:
    """The moment from which the days that are left are counted: one for all that are compared."""
    return datetime.now(UTC)


def is_on(kind: type[Write] | None, record: Mapping[str, Any]) -> bool:
    """Whether the object itself is switched on; nothing is that has no writes to say so."""
    return kind is not None and kind.states.is_on(record)


def is_over(kind: type[Write], record: Mapping[str, Any], zone: str = UTC_ZONE) -> bool:
    """Whether the object's run has ended, so that it delivers nothing although it may be switched on."""
    return run(kind, record, zone).over(now())


def after(call: Write, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as the call would leave it."""
    return {**record, **call.merged(record)}


def starts(call: Write, record: Mapping[str, Any], zone: str = UTC_ZONE) -> bool:
    """Whether the call begins a delivery: switches on what was off, or gives what had ended a later end."""
    kind = type(call)
    stays_on = is_on(kind, record) and is_on(kind, after(call, record))
    ran = is_on(kind, record) and not is_over(kind, record, zone)
    return (call.delivers() or stays_on) and not is_over(kind, after(call, record), zone) and not ran


def delivers_now(call: Write, record: Mapping[str, Any], zone: str = UTC_ZONE) -> bool:
    """Whether the object spends as it is now, as far as its record says."""
    kind = type(call)
    parents = (run_of(None, dig(record, path), zone) for path in kind.ended_by)
    over = is_over(kind, record, zone) or any(parent.over(now()) for parent in parents)
    return kind.states.is_live(record) and not over and not call.halted(record)


def stops(call: Write, action: str, record: Mapping[str, Any], zone: str = UTC_ZONE) -> bool:
    """Whether the call ends a delivery."""
    status = next((value for name in call.states.fields if (value := call.sets().get(name))), None)
    off = action in STOPPING or (status is not None and status not in call.states.on)
    ending = off or is_over(type(call), after(call, record), zone)
    return ending and delivers_now(call, record, zone)


def stillness(call: Write, record: Mapping[str, Any], zone: str = UTC_ZONE) -> str:
    """Why what is, or will be, switched on delivers nothing; empty when it may."""
    kind, changed = type(call), after(call, record)
    if not (is_on(kind, record) or is_on(kind, changed) or call.delivers()):
        return ""
    ends = run(kind, changed, zone).ends
    if ends is not None and ends <= now():
        return f"it ended on {last_day(ends, zone)}: it delivers nothing until it has a later end"
    parents = (run_of(None, dig(record, path), zone).ends for path in kind.ended_by)
    past = next((parent for parent in parents if parent is not None and parent <= now()), None)
    if past is not None:
        day = last_day(past, zone)
        return f"what it is part of ended on {day}: it delivers nothing until that has a later end"
    return call.halted(record)


def reschedules(call: Write, own: Iterable[str]) -> bool:
    """Whether the call sets an amount or a time, so that what is spent in a day may change."""
    kind = type(call)
    names = (*own, kind.begins, kind.ends)
    return bool({name.partition(".")[0] for name in names if name} & call.sets().keys())


def quickened(before: Iterable[Held], later: Iterable[Held], currency: str) -> list[Budget]:
    """The amounts for a whole run of which more is spent in a day than before."""
    was = {(holding.whose, holding.path): holding.pace for holding in before}
    budgets = []
    for holding in later:
        slower = was.get((holding.whose, holding.path))
        if holding.pace is not None and (slower is None or holding.pace > slower):
            budgets.append(_same(holding, slower, currency))
    return budgets


def _same(holding: Held, slower: Decimal | None, currency: str) -> Budget:
    """An amount that stays as it is, and is spent faster."""
    amount, pace = money(holding.amount, currency), rounded_up(holding.pace or Decimal(0), currency)
    was = rounded_up(slower, currency) if slower is not None else None
    budget = Budget(holding.path, holding.per, currency, amount, amount, given=False, pace=pace)
    return replace(budget, whose=holding.whose, paced=was)


def leaps(budgets: Iterable[Budget]) -> Iterator[str]:
    """What a person should know about bids: a change of more than twofold is seldom meant."""
    for budget in budgets:
        before, later = Decimal(budget.before or 0), Decimal(budget.after or budget.then or 0)
        if budget.per == "bid" and before and later and not before / LEAP <= later <= before * LEAP:
            times = (later / before if later > before else before / later).quantize(Decimal("0.1"))
            verb = "raises" if later > before else "lowers"
            yield f"{budget.field}: this {verb} the bid {times.normalize():f}-fold"


def rounded_up(amount: Decimal, currency: str) -> str:
    """An amount rounded up to the currency's decimals."""
    return money(amount.quantize(Decimal(1) / offset(currency), ROUND_UP), currency)


def amounts_set(call: Write, record: Mapping[str, Any], currency: str, zone: str = UTC_ZONE) -> list[Budget]:
    """The amounts the call sets or takes away, before and after."""
    kind, changes = type(call), call.sets()
    begins = starts(call, record, zone)
    live, limiting = delivers_now(call, record, zone) or begins, () if begins else call.only_limits(record)
    budgets = []
    for name, spend in money_of(kind).items():
        amount: Amount | None = getattr(call, name)
        wire, path = kind.model_fields[name].alias or name, live_path(kind, name)
        was = spend.major(dig(record, path), currency)
        inside = was is not None and path != wire and path.partition(".")[0] in changes
        gone = (wire in changes and changes[wire] is None) or (inside and dig(changes, path) is None)
        if amount is None and not gone:
            continue
        before = money(was, currency) if was is not None else None
        none = amount is None or (amount.number == 0 and spend.per != "bid")
        later = None if amount is None or none else money(amount.number, currency)
        whose = "inherited" if name in record.get(INHERITED, ()) else ""
        above = spend.major(record.get(THEN, {}).get(name), currency)
        limits = name in limiting and (before is None) != (later is None)
        role = LIMIT if limits else spend.role
        then = None if above is None else money(above, currency)
        moved = amount is not None and amount.from_live
        found = Budget(name, spend.per, currency, before, later, live=live, role=role, inherited=whose)
        budgets.append(replace(found, then=then, from_live=moved))
    return budgets


def switched(holdings: Iterable[Held], currency: str, *, on: bool) -> list[Budget]:
    """Budgets that begin to be spent, or cease to."""
    budgets = []
    for holding in holdings:
        text = money(holding.amount, currency)
        before, later = (None, text) if on else (text, None)
        pace = rounded_up(holding.pace, currency) if on and holding.pace is not None else None
        budget = Budget(holding.path, holding.per, currency, before, later, given=False, live=True)
        budgets.append(replace(budget, whose=holding.whose, pace=pace))
    return budgets


def changed_paths(call: Write) -> set[str]:
    """The paths in a record of the amounts that the call itself sets."""
    kind = type(call)
    return {live_path(kind, name) for name in money_of(kind) if getattr(call, name) is not None}
