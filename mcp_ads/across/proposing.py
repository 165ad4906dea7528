"""Proposed changes as one plan; where there are no plans, as the calls to make instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.clients import fits
from mcp_ads.core import Result
from mcp_ads.core.budgets import Budget, Budgets
from mcp_ads.core.cells import compact, cut, visible
from mcp_ads.core.money import plain
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.planning.draft import plan_steps
from mcp_ads.engine.planning.left_out import Drafted
from mcp_ads.engine.planning.policy import Lows, check_mode
from mcp_ads.engine.workspace import plan_of
from mcp_ads.engine.write import planned_together
from mcp_ads.errors import AdsError, OverCap, WritesOff

from .pace import Pace, Paced
from .rebalancing import LATELY, PROTECTED, Ceiling, Changed, Keeps, Proposal, proposal

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

    from .paced import Read

UPDATE, AMOUNT = "update", "daily_budget"
MOST, MOST_CALLS, MOST_WHY, MOST_NAMED = 1000, 6_000, 160, 5
TOO_MANY = f"more than {MOST} budgets would change: name fewer clients or accounts in accounts"
NOTHING, ON_PACE = "nothing to change", "every row is on pace, or not known"
DIRECT = "writes go out directly (MCP_ADS_WRITES=direct)"
INSTEAD = "no plan, as {}: make these calls"


@dataclass
class _Batch:
    """What one call changes: budgets of one entity, in one account."""

    session: Session
    entity: str
    account: Paced
    changes: list[Changed] = field(default_factory=list)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the call."""
        kind, own = self.session.connector.action(self.entity, UPDATE), self.session.accounts.param
        about = {own: self.account.account.id} if own in kind.model_fields else {}
        about |= {"connection": self.session.platform.label} if self.session.several else {}
        return {**about, "items": [self.item(changed) for changed in self.changes]}

    def item(self, changed: Changed) -> dict[str, str]:
        amount = f"{plain(changed.after, self.account.currency)} {self.account.currency}"
        return {changed.budget.subject: changed.budget.id, AMOUNT: amount}


async def proposed(desk: Engine, paces: Sequence[Pace], found: Read) -> tuple[dict[int, str], dict[str, Any]]:
    """What is proposed for each row, by its identity, and the plan of all of it. Raises AdsError."""
    told = _told(found)
    lows = desk.audit.lowest()
    ceiling = _ceiling(desk, lows)
    kept_by = {id(pace): _keeps(desk, pace, lows) for pace in paces}
    proposals = {
        id(pace): made for pace in paces if (made := proposal(pace, told, kept_by[id(pace)], ceiling))
    }
    for pace, room in _rooms(desk, paces, proposals):
        if made := proposal(pace, told, kept_by[id(pace)], ceiling, room):
            proposals[id(pace)] = made
    changes = [changed for made in proposals.values() for changed in made.changes]
    said = {row: made.said for row, made in proposals.items()}
    changed = [pace for pace in paces if id(pace) in proposals and proposals[id(pace)].changes]
    lines = [f"{pace.name}, {pace.currency}: {said[id(pace)]}" for pace in changed]
    kept = {
        pace.name: _some(made.protected)
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
    if why := _no_plans(desk):
        return {"not_planned": INSTEAD.format(why), **_calls(batches)}
    return await _plan(desk, batches, lines)


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


def _rooms(
    desk: Engine, paces: Sequence[Pace], proposals: Mapping[int, Proposal]
) -> Iterator[tuple[Pace, Decimal]]:
    """The rows that raise budgets, each with how much it may add, in the currencies in which all rises
    together, less what is lowered, are more than settings let one plan add: in proportion.
    """
    for currency, cap in desk.settings.caps.daily.items():
        moved = [
            (pace, sum((one.after - (one.budget.daily or 0) for one in made.changes), Decimal()))
            for pace in paces
            if pace.currency == currency and (made := proposals.get(id(pace)))
        ]
        up = sum((by for _, by in moved if by > 0), Decimal())
        most = cap - sum((by for _, by in moved if by < 0), Decimal())
        if up > most:
            yield from ((pace, by * most / up) for pace, by in moved if by > 0)


def _batches(changes: Iterable[Changed]) -> list[_Batch]:
    found: dict[tuple[str, str], _Batch] = {}
    for changed in changes:
        one, entity = changed.account, changed.budget.entity
        batch = found.setdefault((one.label, entity), _Batch(one.session, entity, one))
        batch.changes.append(changed)
    return [*found.values()]


def _no_plans(desk: Engine) -> str:
    """Why nothing is planned in this mode, or by this caller; empty where it is."""
    try:
        check_mode(desk.settings, sends=False)
    except WritesOff as error:
        return _short(error)
    return DIRECT if desk.settings.writes == "direct" else ""


def _calls(batches: Sequence[_Batch]) -> dict[str, Any]:
    """The calls to make instead of a plan, as many as fit an answer, whole."""
    calls, room = list[dict[str, Any]](), MOST_CALLS
    for batch in batches:
        params = batch.params
        name = batch.session.connector.name
        call = {"connector": name, "entity": batch.entity, "action": UPDATE, "params": params}
        room -= len(compact(call))
        if room < 0 and calls:
            break
        calls.append(call)
    left = len(batches) - len(calls)
    return {"calls": calls, **({"more_calls": f"{left}: name fewer clients in accounts"} if left else {})}


async def _plan(desk: Engine, batches: Sequence[_Batch], lines: Sequence[str]) -> dict[str, Any]:
    """One plan of all batches; what cannot be planned is left out of it and named."""
    steps, excluded, refused = list[Step](), list[dict[str, Any]](), list[str]()
    with desk.changing():
        for batch in batches:
            try:
                drafted = await _steps_of(batch, steps)
            except AdsError as error:
                refused.append(f"{batch.account.label} {batch.entity}: {_short(error)}")
                continue
            steps += drafted.steps
            excluded += drafted.excluded
            refused += [
                f"{batch.account.label} {one['id']}: {_cut(str(one['why']))}" for one in drafted.excluded
            ]
        if not steps:
            return {"not_planned": _some(refused) or NOTHING}
        sessions = [*dict.fromkeys(batch.session for batch in batches)]
        try:
            desk.audit.check()
            kept, over = _within_caps(desk, sessions, Drafted(steps, excluded), lines)
        except AdsError as error:
            return {"not_planned": f"{_short(error)}; {_some(refused)}".rstrip("; ")}
    refused = [*over, *refused]
    plan_id = kept.data["plan_id"]
    count = len(plan_of(desk, plan_id).steps)
    shows = f'ads_describe(query="{plan_id}") shows its {count} changes, ads_apply carries them out'
    return {"plan": plan_id, "next": shows, **({"not_planned": _some(refused)} if refused else {})}


def _within_caps(
    desk: Engine, sessions: Sequence[Session], found: Drafted, lines: Sequence[str]
) -> tuple[Result, list[str]]:
    """The plan of these steps; where caps refuse it, of those that raise nothing, and why the others are left
    out. Raises AdsError.
    """
    try:
        return planned_together(desk, sessions, found, None, lines), []
    except OverCap as error:
        lower = [step for step in found.steps if not step.raises]
        if not lower:
            raise
        why = _short(error)
        raising = [
            {"id": step.subject, "name": step.name, "why": why, "index": step.item}
            for step in found.steps
            if step.raises
        ]
        drafted = Drafted(lower, [*found.excluded, *raising])
        kept = planned_together(desk, sessions, drafted, None, lines)
        return kept, [f"{len(raising)} rises: {why}"]


async def _steps_of(batch: _Batch, earlier: list[Step]) -> Drafted:
    """The steps of a batch; what cannot be changed is left out where others can be. Raises AdsError."""
    params = {name: value for name, value in batch.params.items() if name != "connection"}
    names = {changed.budget.id: changed.budget.name for changed in batch.changes}
    drafted = await plan_steps(batch.session, batch.entity, UPDATE, params, earlier, names)
    decided = {changed.budget.id: changed.decided for changed in batch.changes}
    for step in drafted.steps:
        step.decided_by = [decided[step.subject]] if step.subject in decided else []
    return drafted


def _short(error: AdsError) -> str:
    return _cut(str(error).partition("\n")[0])


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _cut(text: str) -> str:
    return cut(visible(text), MOST_WHY)
