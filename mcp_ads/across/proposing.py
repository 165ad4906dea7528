"""What pacing proposes for each row, and the plan of all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.clients import fits
from mcp_ads.core.budgets import Budget, Budgets
from mcp_ads.core.money import plain
from mcp_ads.engine.planning.policy import Lows

from .carried import MOST, NO_ROOM, NOTHING, Batch, carried, short, some
from .pace import Pace, Paced
from .rebalancing import LATELY, PROTECTED, Ceiling, Changed, Keeps, Proposal, proposal

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

    from .paced import Read

UPDATE, AMOUNT = "update", "daily_budget"
TOO_MANY = f"more than {MOST} budgets would change: name fewer clients or accounts in accounts"
ON_PACE, FEWER = "every row is on pace, or not known", "name fewer clients in accounts"
SHARED = "as much as settings let one plan add, shared out over all rises"


async def proposed(desk: Engine, paces: Sequence[Pace], found: Read) -> tuple[dict[int, str], dict[str, Any]]:
    """What is proposed for each row, by its identity, and the plan of all of it. Raises AdsError."""
    told = _told(found)
    lows = desk.audit.lately().lowest
    ceiling = _ceiling(desk, lows)
    kept_by = {id(pace): _keeps(desk, pace, lows) for pace in paces}
    proposals = {
        id(pace): made for pace in paces if (made := proposal(pace, told, kept_by[id(pace)], ceiling))
    }
    for pace, share in [*_shared(desk, paces, proposals)]:
        if made := proposal(pace, told, kept_by[id(pace)], share):
            proposals[id(pace)] = replace(made, said=f"{made.said}; {SHARED}")
    changes = [changed for made in proposals.values() for changed in made.changes]
    said = {row: made.said for row, made in proposals.items()}
    changed = [pace for pace in paces if id(pace) in proposals and proposals[id(pace)].changes]
    lines = [f"{pace.name}, {pace.currency}: {said[id(pace)]}" for pace in changed]
    kept = {
        pace.name: some(made.protected)
        for pace in paces
        if (made := proposals.get(id(pace))) and made.protected
    }
    return said, {**({"protected": kept} if kept else {}), **await _carried(desk, proposals, changes, lines)}


async def _carried(
    desk: Engine, proposals: Mapping[int, Proposal], changes: Sequence[Changed], lines: Sequence[str]
) -> dict[str, Any]:
    """The plan of all changes, the calls to make instead, or why there is neither."""
    if len(changes) > MOST:
        return {"not_planned": TOO_MANY}
    if not changes:
        return {"not_planned": NOTHING if proposals else ON_PACE}
    batches = _batches(changes)
    plan = await carried(desk, batches, lines, FEWER)
    left = [
        f"{batch.label} {[*batch.names][at]}: {short(why)}"
        for batch in batches
        for at, why in batch.excluded.items()
        if why != NO_ROOM
    ]
    said = [*filter(None, [plan.get("not_planned", "")]), *([some(left)] if left else [])]
    return plan | ({"not_planned": "; ".join(said)} if said else {})


def _told(found: Read) -> Mapping[str, Budgets]:
    known = ((share.session.connector.name, share.facts.budgets) for share in found.asking.shares)
    return {name: budgets for name, budgets in known if budgets}


def _keeps(desk: Engine, pace: Pace, lows: Lows) -> Keeps:
    """Why a budget stays: a campaign that the client protects spends it, or a step was taken today."""
    client = desk.settings.clients.named.get(pace.client)
    patterns = client.protected if client else ()

    lately = {id_ for id_, name in lows if AMOUNT.rpartition("_")[2] in name.lower()}

    def keeps(budget: Budget) -> str:
        protected = any(
            id_ == pattern.rpartition(":")[2] or fits(pattern, name)
            for pattern in patterns
            for id_, name in budget.touched
        )
        return PROTECTED if protected else LATELY if budget.id in lately else ""

    return keeps


def _ceiling(desk: Engine, lows: Lows) -> Ceiling:
    """The most that settings let a daily budget be, in the account's currency."""
    caps = desk.settings.caps

    def most(one: Paced, budget: Budget) -> Decimal | None:
        now, found = budget.daily or Decimal(), list[Decimal]()
        if caps.daily or caps.lifetime:
            found.append(caps.daily.get(one.currency, now))
        if caps.increase_pct is not None:
            low = min([now, *(amount for (id_, _), amount in lows.items() if id_ == budget.id and amount)])
            found.append(low * (1 + caps.increase_pct / 100))
        return max(now, min(found)) if found else None

    return most


def _shared(
    desk: Engine, paces: Sequence[Pace], proposals: Mapping[int, Proposal]
) -> Iterator[tuple[Pace, Ceiling]]:
    """The rows that raise budgets, each with what its budgets may be, in the currencies in which all rises
    together, less what is lowered, are more than settings let one plan add: a share of each rise.
    """
    for currency, cap in desk.settings.caps.daily.items():
        rows = [pace for pace in paces if pace.currency == currency and id(pace) in proposals]
        moved = {
            (one.account.label, one.budget.id): one.after - (one.budget.daily or 0)
            for pace in rows
            for one in proposals[id(pace)].changes
        }
        up = sum((by for by in moved.values() if by > 0), Decimal())
        most = cap - sum((by for by in moved.values() if by < 0), Decimal())

        def share(
            one: Paced, budget: Budget, rises: Mapping[Any, Decimal] = moved, part: Decimal = most / (up or 1)
        ) -> Decimal:
            return (budget.daily or 0) + rises.get((one.label, budget.id), Decimal()) * part

        if up > most:
            yield from ((pace, share) for pace in rows if pace.status == "under")


def _batches(changes: Iterable[Changed]) -> list[Batch]:
    found: dict[tuple[str, str], Batch] = {}
    for changed in changes:
        one, budget = changed.account, changed.budget
        new = Batch(one.session, budget.entity, UPDATE, one.account, one.label)
        batch = found.setdefault((one.label, budget.entity), new)
        amount = f"{plain(changed.after, one.currency)} {one.currency}"
        batch.items.append({budget.subject: budget.id, AMOUNT: amount})
        batch.decided.append(changed.decided)
        batch.names[budget.id] = budget.name
    return [*found.values()]
