"""What is proposed for search terms, as one plan, or as the calls to make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core.money import plain

from .carried import MOST, Batch, carried
from .judging import Candidate
from .pace import rounded

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

CREATE = "create"
FEWER = "choose fewer rows with where or top"
TOO_MANY = f"{{}} terms are more than the {MOST} of a plan: {FEWER}"
NOTHING = "no row can be proposed"
PAUSED = "{} bid on nothing yet: state: ENABLED in this call makes them bid"
PLANNED, LISTED, UNPLANNED, UNKNOWN = (
    "in the plan",
    "in calls",
    "not planned",
    "not all of its account is known",
)


async def proposed(
    desk: Engine, chosen: Sequence[Candidate], state: str
) -> tuple[dict[int, str], dict[str, Any]]:
    """What becomes of each candidate, by its identity, and the plan of all of them. Raises AdsError."""
    said = {id(one): why for one in chosen if (why := held(one))}
    fit = [one for one in chosen if id(one) not in said]
    short = {one.of.label: "; ".join(one.of.short) for one in chosen if one.of.short}
    refused = [f"{label} not proposed for, as not all is known: {why}" for label, why in short.items()]
    if len(fit) > MOST:
        return said, {"not_planned": "; ".join([TOO_MANY.format(f"{len(fit):,}"), *refused])}
    if not fit:
        return said, {"not_planned": "; ".join([*refused, *_counted(said.values())]) or NOTHING}
    batches = dict[tuple[str, str], tuple[Batch, list[Candidate]]]()
    for one in fit:
        entity = one.adding.entity
        new = Batch(one.of.session, entity, CREATE, one.of.account, one.of.label), list[Candidate]()
        batch, own = batches.setdefault((one.of.label, entity), new)
        batch.items.append(one.item(state))
        batch.decided.append(decided(one))
        batch.names[one.term.written] = one.term.written
        own.append(one)
    plan = await carried(desk, [batch for batch, _ in batches.values()], [], FEWER)
    for batch, own in batches.values():
        done = PLANNED if "plan" in plan else LISTED if "calls" in plan else UNPLANNED
        for at, one in enumerate(own):
            said[id(one)] = batch.refused or batch.excluded.get(at, done)
    still = sum(said[id(one)] in (PLANNED, LISTED) and bool(one.adding.state) for one in fit)
    plan |= {"added_paused": PAUSED.format(still)} if still and not state else {}
    whole = {batch.refused for batch, _ in batches.values()}  # which the plan says already
    counted = _counted(why for why in said.values() if why not in whole)
    lacking = [plan.get("not_planned", ""), *refused, *counted]
    return said, plan | ({"not_planned": why} if (why := "; ".join(filter(None, lacking))) else {})


def _counted(said: Iterable[str]) -> Iterator[str]:
    """How many of what was chosen are not in the plan, by why."""
    for why, count in Counter(said).items():
        if why not in (PLANNED, LISTED, UNPLANNED, UNKNOWN):
            yield f"{count} {'rows' if count > 1 else 'row'}: {why}"


def held(one: Candidate) -> str:
    """Why nothing is proposed for a candidate; empty where something is."""
    return UNKNOWN if one.of.short else one.held


def decided(one: Candidate) -> str:
    """The figures by which a candidate was chosen, in words."""
    did, currency = one.place.figures if one.negates else one.term.figures, one.of.currency
    spend, sales = (
        f"{plain(rounded(amount, currency), currency)} {currency}" for amount in (did.spend, did.sales)
    )
    seen = f"{did.clicks:,} clicks, {did.orders:,} orders, {spend} spent"
    if not one.negates:
        return f"{seen}, {sales} sold; bid: {one.why}"
    return f"{seen}{' here; in all its ad groups' if did != one.term.figures else ''}: {one.why}"
