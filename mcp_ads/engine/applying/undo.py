"""The plan that takes another one back, where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.ways_back import opposite
from mcp_ads.engine.planning.asked import Asked
from mcp_ads.engine.planning.draft import UNCHECKED, make_step
from mcp_ads.engine.planning.items import check_clashes
from mcp_ads.engine.planning.left_out import pointless
from mcp_ads.engine.planning.protected import protected_among
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, CallError, InvalidParams, PartlyDone, PolicyError, Rejected

from .read_back import Look
from .verdicts import part_in_effect

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

NOT_OURS = "it does not read as it was made; look at it before removing it"
UNPROVEN = "nothing shows that it is what was made; look at it before removing it"


@dataclass
class Inverse:
    """Steps that undo what was done, last first, and why some of it cannot be undone."""

    steps: list[Step] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class NotNow(Exception):
    """The undo cannot be made whole at this moment, because the platform did not answer in time."""


async def inverse(workspace: Workspace, plan: Plan, seen: Mapping[int, Look]) -> Inverse:
    """What takes back the steps that were done, and the parts that were: whole, or NotNow is raised.

    `seen` is what reading shows of them, by index: what is not as it was made here, or is not shown to be
    what was made, may be somebody else's, and is not removed.
    The steps are drafted together. The platform is not asked to validate them: they set what was there.
    """
    undo, done = Inverse(), list[Step]()
    for index, asked in reversed(list(enumerate(plan.steps))):
        step = replace(asked, params=fill_refs(asked.params, plan.ids))
        if step.state == "done" and (why := _not_ours(step, seen.get(index))):
            undo.reasons.append(f"{step.action} {step.target}: {why}")
        elif step.state == "done":
            done.append(replace(step, changes=step.changes | _switched(step, done)) if step.makes else step)
        elif part := await _part_done(workspace, step):
            done.append(replace(step, params={**step.params, **part}))
    with gathered():
        backs = await asyncio.gather(*(_back(workspace, step) for step in done))
    backs = await _unprotected(workspace, backs)
    gone = {step.object_id for step, (back, _) in zip(done, backs, strict=True) if step.makes and back}
    for step, (back, reasons) in zip(done, backs, strict=True):
        if not step.makes and step.object_id in gone:
            continue  # what was done to an object goes with it
        clash = _clashing(workspace, back, undo.steps)
        undo.steps += [] if clash else back
        undo.reasons += [f"{step.action} {step.target}: {reason}" for reason in (*reasons, *clash)]
    return undo


def _not_ours(step: Step, look: Look | None) -> str:
    """Why a new object is not removed; empty where it is what was made, or nothing here removes it anyhow.

    Raises NotNow.
    """
    if not step.makes or step.irreversible or (step.proven and (look is None or look.as_set is not False)):
        return ""
    if look and look.as_set is False:
        return NOT_OURS
    if look and look.later:
        raise NotNow(look.later)
    return UNPROVEN


async def _unprotected(
    workspace: Workspace, backs: Sequence[tuple[list[Step], list[str]]]
) -> list[tuple[list[Step], list[str]]]:
    """Without the steps that touch what a client protects by now, each with why. Raises NotNow."""
    steps = [step for back, _ in backs for step in back]
    sessions = [workspace.session_of(step) for step in steps]
    try:
        found = iter(await protected_among(sessions, steps))
    except AdsError as error:
        raise NotNow(error.lines[0]) from None
    kept = list[tuple[list[Step], list[str]]]()
    for back, reasons in backs:
        whys = [why.text for _ in back for why in next(found)]
        kept.append(([], [*reasons, *whys]) if whys else (back, reasons))
    return kept


def _clashing(workspace: Workspace, back: Iterable[Step], others: Sequence[Step]) -> list[str]:
    """Why a step that takes one back cannot be in a plan with these others."""
    for step in back:
        connector = workspace.session_of(step).connector
        kind = connector.action(step.entity, step.action)
        assert issubclass(kind, Write)
        try:
            check_clashes(connector, kind, [step], others)
        except InvalidParams as error:
            return [error.lines[0].partition(": ")[2]]
    return []


def _switched(made: Step, later: Iterable[Step]) -> dict[str, Any]:
    """The state in which later steps, the last first, have put what one made."""
    ours = (step for step in later if not step.makes and step.object_id == made.object_id)
    return {
        name: value
        for step in reversed([*ours])
        for name, value in step.changes.items()
        if name in made.switches
    }


async def _part_done(workspace: Workspace, step: Step) -> Mapping[str, Any]:
    """The parameters of the part of a step that was done for certain, where some of it was. Raises NotNow."""
    session, answered = workspace.session_of(step), [sent for sent in step.sent if sent.state == "done"]
    partly = (step.error or {}).get("code") == PartlyDone.__name__
    if answered and (partly or step.state == "unknown"):
        apart = answered[-1] is step.sent[-1] or answered[-1].part < step.sent[-1].part
        return call_of(session.connector, step).part_done(answered[-1].part) if apart else {}
    if not partly:
        return {}
    try:
        return await part_in_effect(session, step) or {}
    except AdsError as error:
        raise NotNow(error.lines[0]) from None


async def _back(workspace: Workspace, step: Step) -> tuple[list[Step], list[str]]:
    """The step that takes this one back, if any does, and why some of it stays done. Raises NotNow."""
    session = workspace.session_of(step)
    action, params, reasons = opposite(session.connector.entity(step.entity).actions, step)
    if not action:
        return [], reasons
    kind = session.connector.action(step.entity, action)
    assert issubclass(kind, Write)
    try:
        back, obstacle = await make_step(Asked(session, step.entity, action, kind, params, []))
    except (CallError, PolicyError, Rejected) as error:
        return [], [*reasons, error.lines[0]]
    except AdsError as error:
        raise NotNow(error.lines[0]) from None
    if why := obstacle or pointless(back):
        return [], [*reasons, why]
    if not set(back.changes) <= set(back.switches):
        back.warnings.append(UNCHECKED)
    return [back], reasons
