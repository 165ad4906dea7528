"""Proposed changes as one plan for one approval; where there are no plans, as the calls to make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core.cells import compact, cut, visible
from mcp_ads.engine.answers.facts import which_connection
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.planning.draft import plan_steps
from mcp_ads.engine.planning.left_out import Drafted
from mcp_ads.engine.planning.policy import check_mode
from mcp_ads.engine.workspace import plan_of
from mcp_ads.engine.write import planned_together
from mcp_ads.errors import AdsError, OverCap, WritesOff

if TYPE_CHECKING:
    from mcp_ads.core import Account, Result
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

MOST, MOST_CALLS, MOST_WHY, MOST_NAMED = 1000, 6_000, 160, 5
NOTHING = "nothing to change"
DIRECT = "writes go out directly (MCP_ADS_WRITES=direct)"
NO_ROOM = "no room for it in calls"
INSTEAD = f"no plan, as {DIRECT}: make these calls"


@dataclass
class Batch:
    """What one call changes: objects of one entity, in one account.

    `items` are its items, `decided` says in words what decided each; `names` are what they are called, by the
    value of a parameter of theirs: an item that cannot be planned is left out where others can. `excluded`
    says then why, by the item's place; `refused` why all of them are.
    """

    session: Session
    entity: str
    action: str
    account: Account
    label: str
    items: list[dict[str, Any]] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    excluded: dict[int, str] = field(default_factory=dict)
    refused: str = ""

    @property
    def about(self) -> dict[str, str]:
        """The parameter that names the account, where the action takes one."""
        kind, own = self.session.connector.action(self.entity, self.action), self.session.accounts.param
        return {own: self.account.id} if own in kind.model_fields else {}

    @property
    def fit(self) -> list[int]:
        """The places of the items that can be carried out."""
        every = range(0 if self.refused else len(self.items))
        return [at for at in every if at not in self.excluded]

    def call(self, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The call that changes some of it."""
        there = which_connection(self.session)
        params = {**self.about, **there, "items": [*items]}
        name = self.session.connector.name
        return {"connector": name, "entity": self.entity, "action": self.action, "params": params}


async def carried(desk: Engine, batches: Sequence[Batch], lines: Sequence[str], fewer: str) -> dict[str, Any]:
    """The plan of all batches, or the calls to make instead; `fewer` says how to ask for fewer of them.

    Both are drafted as writes are: what cannot be done is left out of both, and batches say why; where
    nothing can, or calls would be refused, `not_planned` says why.
    """
    steps, excluded = list[Step](), list[dict[str, Any]]()
    with desk.changing():
        for batch in batches:
            drafted = await _drafted(batch, steps)
            steps += drafted.steps
            excluded += drafted.excluded
        refused = some([batch.refused for batch in batches if batch.refused])
        if not steps:
            return {"not_planned": refused or NOTHING}
        if why := _switched_off(desk):
            return _said([why, refused])
        if desk.settings.writes == "direct":
            return _said([INSTEAD, refused]) | _calls(batches, fewer)
        sessions = [*dict.fromkeys(batch.session for batch in batches)]
        try:
            desk.audit.check()
            kept, over = await _within_caps(desk, sessions, Drafted(steps, excluded), lines)
        except AdsError as error:
            return _said([short(error), refused])
    plan_id = kept.data["plan_id"]
    count = len(plan_of(desk, plan_id).steps)
    shows = f'ads_describe(query="{plan_id}") shows its {count} changes, ads_apply carries them out'
    return {"plan": plan_id, "next": shows, **_said([over, refused])}


def _said(why: Sequence[str]) -> dict[str, Any]:
    """Why something is not in a plan, where there is a reason."""
    return {"not_planned": said} if (said := "; ".join(filter(None, why))) else {}


async def _within_caps(
    desk: Engine, sessions: Sequence[Session], found: Drafted, lines: Sequence[str]
) -> tuple[Result, str]:
    """The plan of these steps; where caps refuse it, of those that raise nothing, and why the others are left
    out. Raises AdsError.
    """
    try:
        return await planned_together(desk, sessions, found, None, lines), ""
    except OverCap as error:
        lower = [step for step in found.steps if not step.raises]
        if not lower:
            raise
        why = short(error)
        raising = [
            {"id": step.subject, "name": step.name, "why": why, "index": step.item}
            for step in found.steps
            if step.raises
        ]
        drafted = Drafted(lower, [*found.excluded, *raising])
        return await planned_together(desk, sessions, drafted, None, lines), f"{len(raising)} rises: {why}"


async def _drafted(batch: Batch, earlier: list[Step]) -> Drafted:
    """The steps of a batch; none where it is refused."""
    params = {**batch.about, "items": batch.items}
    try:
        drafted = await plan_steps(batch.session, batch.entity, batch.action, params, earlier, batch.names)
    except AdsError as error:
        batch.refused = f"{batch.label} {batch.entity}: {short(error)}"
        return Drafted()
    for step in drafted.steps:
        step.decided_by = [batch.decided[step.item]]
    batch.excluded = {entry["index"]: entry["why"] for entry in drafted.excluded}
    return drafted


def _switched_off(desk: Engine) -> str:
    """Why any change would be refused in this mode, or of this caller, and what would help; else empty."""
    try:
        check_mode(desk.settings, sends=False)
    except WritesOff as error:
        return "; ".join(filter(None, [short(error), error.fix]))
    return ""


def _calls(batches: Sequence[Batch], fewer: str) -> dict[str, Any]:
    """The calls to make instead of a plan, with as many items as fit an answer; at least one."""
    calls, room, left = list[dict[str, Any]](), MOST_CALLS, 0
    for batch in batches:
        room -= len(compact(batch.call([])))
        items = list[dict[str, Any]]()
        for at, item in enumerate(batch.fit):
            room -= len(compact(batch.items[item])) + 1
            if room < 0 and (at or calls):
                batch.excluded |= dict.fromkeys(rest := batch.fit[at:], NO_ROOM)
                left += len(rest)
                break
            items.append(batch.items[item])
        calls += [batch.call(items)] if items else []
    return {"calls": calls, **({"more_calls": f"{left} changes more: {fewer}"} if left else {})}


def short(error: AdsError | str) -> str:
    """What an error, or a reason, says in a few words."""
    return cut(visible(str(error).partition("\n")[0]), MOST_WHY)


def some(names: Sequence[str]) -> str:
    """The first few of these, and how many there are besides."""
    more = f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else ""
    return ", ".join(names[:MOST_NAMED]) + more
