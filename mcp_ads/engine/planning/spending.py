"""What a step can spend, read where it stands: on the object, on its parents, on what is below it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mcp_ads.core import Account, Write, dig
from mcp_ads.core.action import live_path, money_of
from mcp_ads.engine.changes import spend_effects as effects
from mcp_ads.engine.changes.brought import brought
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.spend_effects import Held
from mcp_ads.engine.changes.steps import PEAK, Budget, Step, money
from mcp_ads.engine.session import objects
from mcp_ads.errors import InvalidParams

from .asked import Asked
from .holdings import Kin, children_of, holdings_of, kin_of, place
from .parents import parents_of


async def budgets_of(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> tuple[list[Budget], str]:
    """What the call does to each budget, with the bids that count, and why what it spends cannot be known."""
    budgets, why = await _spent(asked, call, account, record, parents)
    given = {budget.field for budget in budgets}
    counting = await _bids(asked, call, account, record, parents)
    return [*budgets, *(bid for bid in counting if bid.field not in given)], why


async def _bids(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> list[Budget]:
    """The bids by which an object spends that is made or switched on, although the call does not set them:
    its own, or where it has none those of what it is in. Somebody agrees to these too. Raises AdsError.
    """
    kind = effects.write_of(asked.session.connector.entity(asked.entity))
    (currency, zone), after = place(account), effects.after(call, record)
    if kind is None or not (call.does == "makes" or effects.starts(call, record, zone)):
        return []
    above, budgets = {of: parents[name] for name, of in call.parents.items() if name in parents}, []
    for name, spend in money_of(kind).items():
        own, whose = spend.major(dig(after, live_path(kind, name)), currency), ""
        path, entity, amount = kind.inherits.get(name, ("", "", ""))
        if own is None and (above_id := str(dig(after, path) or "") if path else ""):
            if made_by := asked.step_named(above_id):
                found: Mapping[str, Any] = made_by.changes
            else:
                found = above.get(entity) or await objects.fetch(
                    asked.session, entity, above_id, account, [amount], asked.params
                )
            own, whose = spend.major(dig(asked.standing(found, above_id), amount), currency), "inherited"
        if spend.per == "bid" and own is not None:
            then = money(own, currency)
            budgets.append(Budget(name, spend.per, currency, given=False, inherited=whose, then=then))
    return budgets


async def _spent(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> tuple[list[Budget], str]:
    """What the call does to each budget, and why what it spends cannot be known, if so."""
    currency, zone = place(account)
    came = list(brought(call, asked.session.connector.entity, currency, zone))
    if why := call.unpriced(record):
        return [*effects.amounts_set(call, record, currency, zone), *came], why
    stops = effects.stops(call, asked.action, record, zone)
    starts = effects.starts(call, record, zone)
    own = effects.own_paths(asked.session.connector.entity(asked.entity))
    moved = stops or starts or effects.reschedules(call, own)
    kin = await kin_of(asked, call, account, record, parents, upward=not stops) if moved else Kin()
    amounts, faster = _paced(asked, call, account, record, kin)
    amounts, lifted = await _lifted(asked, call, account, kin, amounts, starts=starts)
    amounts += came
    if stops:
        freed = holdings_of(asked, call, account, effects.after(call, record), kin)
        if kin.why:
            asked.notes.append(f"what stops being spent is not known: {kin.why}")
        return [*amounts, *effects.switched(_not_set(call, freed), currency, on=False)], ""
    unknown = f"what it would spend is not known: {kin.why}" if kin.why else lifted
    if not starts:
        return [*amounts, *faster], unknown or _left_open(asked, record, amounts, currency)
    if (made_by := asked.maker(call)) is not None:
        begun, why = await _of_made(asked, account, made_by)
        return [*amounts, *begun], why
    holdings = holdings_of(asked, call, account, effects.after(call, record), kin)
    given = any(budget.pays and budget.after for budget in amounts)
    if ended := kin.ended(zone):
        asked.notes.append(f"what it is in, {ended}: it delivers nothing until that has a later end")
    seen = kin.below is not None or holdings or ended or given or effects.changed_paths(call) & own.keys()
    why = unknown or ("" if seen else "what it would spend cannot be read")
    switched = effects.switched(_not_set(call, holdings), currency, on=True)
    begun, more = await _lifted(asked, call, account, kin, switched, starts=True)
    return [*amounts, *(_counted(asked, call, kin, budget) for budget in begun)], why or more


async def _of_made(asked: Asked, account: Account | None, made_by: Step) -> tuple[list[Budget], str]:
    """What something that an earlier step makes begins to spend of what is there above it; or why not known.

    Its own amounts, and those of what else is made in the same plan, count where they are made.
    """
    maker = call_of(asked.session.connector, made_by)
    parents = await parents_of(asked, maker, account)
    kin = await kin_of(asked, maker, account, {}, parents, upward=True)
    if kin.why:
        return [], f"what it would spend is not known: {kin.why}"
    holdings = holdings_of(asked, maker, account, effects.after(maker, {}), kin)
    there = {name for name in parents if asked.step_named(getattr(maker, name)) is None}
    if not (holdings or made_by.budgets) and there and there == parents.keys():
        return [], "what it would spend cannot be read"
    shared = [held for held in holdings if held.whose and asked.step_named(held.whose) is None]
    begun = effects.switched(shared, place(account)[0], on=True)
    return await _lifted(asked, maker, account, kin, begun, starts=True)


async def _lifted(
    asked: Asked, call: Write, account: Account | None, kin: Kin, budgets: list[Budget], *, starts: bool
) -> tuple[list[Budget], str]:
    """The budgets with what they come to where something raises them for some time, or why nobody knows.

    What is begun to be spent is all of that; beside an amount that is set, that stands as one more.
    """
    known, whys, currency = list[Budget](), list[str](), place(account)[0]
    for budget in budgets:
        more, why = Decimal(0), ""
        begins = budget.pays and budget.per == "day" and (starts or budget.rise > 0 or not budget.given)
        if begins and not asked.maker(call):
            if call.lifts[0]:
                more, why = await _more(asked, call, account, kin, budget)
            whys += [one for one in (why, kin.ruled(type(call), budget.whose)) if one]
        peaks = [money(Decimal(amount or 0) + more, currency) for amount in (budget.before, budget.after)]
        if more:
            asked.notes.append(
                f"{budget.field}: with what {call.lifts[0]} add, up to {peaks[1]} {currency} a day"
            )
        was = peaks[0] if budget.before and not starts else None
        raised = replace(budget, after=peaks[1], before=was, role=PEAK)
        if more and budget.given:
            known += [budget, replace(raised, field=f"{budget.field} in its {call.lifts[0]}", given=False)]
        else:
            known.append(replace(budget, after=peaks[1]) if more else budget)
    asked.notes.extend(why for why in dict.fromkeys(whys) if why not in asked.notes)
    return known, next(iter(whys), "")


async def _more(
    asked: Asked, call: Write, account: Account | None, kin: Kin, budget: Budget
) -> tuple[Decimal, str]:
    """The most that is added to a daily budget on some days, or why nobody knows. Raises InvalidParams."""
    (entity, param), (currency, zone) = call.lifts, place(account)
    daily = {budget.whose or str(getattr(call, call.subject)): Decimal(budget.after or 0)}
    if call.children and kin.below is not None and not (budget.whose or budget.given):
        below = asked.session.connector.entity(call.children[0])
        kind, paths = effects.write_of(below), effects.own_paths(below)
        assert kind is not None  # it is what says that its objects have amounts
        daily = {
            kind.id_in(record): holding.amount
            for record in kin.below
            for holding in effects.total([record], paths, currency, kind, zone)
            if holding.per == "day"
        }
    daily = {
        one: amount for one, amount in daily.items() if asked.step_named(one) is None
    }  # nothing lifts new ones
    for number, step in enumerate(asked.earlier, 1):
        named = step.params.get(param)
        if (
            daily
            and step.entity == entity
            and (named in daily or (not named and step.subject and step.raises))
        ):
            raise InvalidParams(
                f"{named or step.target}: step {number} of the plan raises budgets for some days",
                fix="apply that first, then plan this",
            )
    reads = (children_of(asked, entity, param, one, account) for one in daily)
    found = await asyncio.gather(*reads)
    added = [
        call.peak(amount, rows, currency) - amount
        for amount, (rows, _) in zip(daily.values(), found, strict=True)
    ]
    return sum(added, Decimal(0)), next((why for _, why in found if why), "")


def _counted(asked: Asked, call: Write, kin: Kin, budget: Budget) -> Budget:
    """What begins to be spent, with how much of it earlier steps have added to it."""
    own = str(getattr(call, call.subject)) if call.subject else ""
    below = effects.write_of(asked.session.connector.entity(call.children[0])) if call.children else None
    inside = {below.id_in(record) for record in kin.below or ()} if below else set()
    ids = {budget.whose} if budget.whose else {own, *inside}
    added = asked.added(ids, budget.per)
    return replace(budget, counted=money(added, budget.currency)) if added else budget


def _not_set(call: Write, holdings: list[Held]) -> list[Held]:
    """The holdings without those whose amount the call itself sets."""
    given = effects.changed_paths(call)
    return [holding for holding in holdings if holding.path not in given]


def _paced(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any], kin: Kin
) -> tuple[list[Budget], list[Budget]]:
    """The amounts the call sets, with what they come to a day; and those only spent faster by it."""
    (currency, zone), kind = place(account), type(call)
    before = [] if effects.is_over(kind, record, zone) else holdings_of(asked, call, account, record, kin)
    later = holdings_of(asked, call, account, effects.after(call, record), kin)
    faster = {(budget.whose, budget.field): budget for budget in effects.quickened(before, later, currency)}
    amounts = []
    for amount in effects.amounts_set(call, record, currency, zone):
        quick = faster.pop(("", live_path(kind, amount.field)), None)
        amounts.append(replace(amount, pace=quick.pace, paced=quick.paced) if quick else amount)
    return amounts, list(faster.values())


def _left_open(asked: Asked, record: Mapping[str, Any], budgets: list[Budget], currency: str) -> str:
    """Why taking a limit away leaves what is spent unknown; empty when it does not."""
    if any(budget.unlimited for budget in budgets):
        return "without a spend cap anything may be spent"
    gone = {
        budget.field
        for budget in budgets
        if (budget.pays or budget.frees) and budget.before and not budget.after
    }
    if not gone or any(budget.pays and budget.after for budget in budgets):
        return ""
    own = effects.own_paths(asked.session.connector.entity(asked.entity))
    kept = len(effects.held(record, own, currency)) - len(gone)
    return (
        ""
        if kept > 0 or not effects.is_on(asked.kind, record)
        else "without its budget what it spends cannot be read"
    )
