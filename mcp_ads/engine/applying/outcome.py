"""What a plan that was carried out answers: what was done, a read-back, and the plan that undoes it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_ads.core import Result
from mcp_ads.engine.answers.facts import lead, noted
from mcp_ads.engine.answers.outcome_text import MOST_ERROR, no_undo_lines, outcome_lines
from mcp_ads.engine.answers.plan_text import MOST_STEPS, plan_record
from mcp_ads.engine.answers.shape import cut
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.likeness import parts_unlike, unlike
from mcp_ads.engine.changes.naming import plan_id, raising_first
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.wording import now_said, short
from mcp_ads.engine.planning.policy import check_caps
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, NotFound, UnknownAction, UnknownPlan

from .undo import NotNow, inverse
from .verdicts import how_to_check, verdict

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

IN_EFFECT = re.compile("the change is in effect|^looking now: there is")
OTHERWISE = re.compile("^read back: (DIFFERS|it is NOT THERE)")


async def told(workspace: Workspace, plan: Plan, *, again: bool = False) -> Result:
    """The answer to ads_apply."""
    _say_how_to_check(workspace, plan)
    seen = await _seen(workspace, plan)
    otherwise = {index for index, line in seen.items() if OTHERWISE.search(line)}
    lines = outcome_lines(plan, seen, otherwise=bool(otherwise))
    lines += _settled(plan, seen)
    if again:
        lines.insert(0, "This plan was carried out before; nothing was sent now.")
    if plan.state != "applying":
        lines += await _undo(workspace, plan, otherwise)
    session = workspace.session(plan.steps[0].connector)
    errors = [{**step.error, "index": index} for index, step in enumerate(plan.steps) if step.error]
    text = "\n".join([*lead(session), *lines])
    return Result(plan_record(plan, MOST_STEPS), noted(session), errors, text=text)


def _say_how_to_check(workspace: Workspace, plan: Plan) -> None:
    """A step lost with its process does not know yet how to look for it."""
    for step in plan.steps:
        if step.state == "unknown" and step.error is not None and "check" not in step.error:
            with contextlib.suppress(AdsError):
                if check := how_to_check(workspace.session(step.connector), step):
                    step.error["check"] = check


async def _seen(workspace: Workspace, plan: Plan) -> dict[int, str]:
    """What reading shows of the steps that were done or may have been, by index."""
    lost = [index for index, step in enumerate(plan.steps) if step.state == "unknown"]
    made = [index for index in lost if not plan.steps[index].subject]
    done = [index for index in raising_first(plan.steps) if plan.steps[index].state == "done"]
    removable = [
        index for index in done if plan.steps[index].makes
    ]  # an undo removes what reads as it was made
    wanted = sorted({*lost, *done[:MOST_STEPS], *removable} - {*made[MOST_STEPS:]})

    async def look(index: int) -> str:
        step = plan.steps[index]
        if step.state == "unknown":
            return await verdict(workspace, step)
        return await _read_back(workspace, plan, index)

    with gathered():
        found = await asyncio.gather(*map(look, wanted))
    return {index: line for index, line in zip(wanted, found, strict=True) if line}


def _settled(plan: Plan, seen: Mapping[int, str]) -> list[str]:
    """What reading shows of the unknown steps in sum, where they are too many to be shown one by one."""
    lost = [index for index, step in enumerate(plan.steps) if step.state == "unknown"]
    if len(lost) <= MOST_STEPS:
        return []
    there = sum(bool(IN_EFFECT.search(seen.get(index, ""))) for index in lost)
    doubtful = sum(not seen.get(index) for index in lost)
    unread = f", and {doubtful} cannot be read" if doubtful else ""
    shown = f"{there} in effect and {len(lost) - there - doubtful} not{unread}"
    return [f"of the {len(lost)} unknown ones, reading now shows {shown}"]


def _set_again(plan: Plan, index: int) -> set[str]:
    """The fields of a step's object that a later step set once more."""
    step = plan.steps[index]
    return {
        name
        for each in plan.steps[index + 1 :]
        if (each.connector, each.object_id) == (step.connector, step.object_id)
        for name in each.changes
    }


async def _read_back(workspace: Workspace, plan: Plan, index: int) -> str:
    """The changed fields as the platform has them now; of something new, its state and money."""
    step, session = plan.steps[index], workspace.session(plan.steps[index].connector)
    if not step.shows:
        return "read back: what it does cannot be read back"
    try:
        fields = list(step.changes)
        record = await objects.fetch(session, step.entity, step.object_id, step.owner, fields, step.params)
    except NotFound:
        return "read back: it is not there any more" if step.irreversible else "read back: it is NOT THERE"
    except UnknownAction:
        return f"read back: no {step.noun} can be read by itself here; its list shows it"
    except AdsError as error:
        return f"read back: not possible now ({error.lines[0]})"
    call, again = call_of(session.connector, step, plan.ids), _set_again(plan, index)
    currency = step.account["currency"] if step.account else ""
    differs = [name for name in unlike(call, record, currency) if name not in again]
    shown = list(now_said(call, record, step.account))
    shown += [f"{name} {short(record.get(name))}" for name in differs if step.makes]
    nested = (name for name in differs if isinstance(record.get(name), dict | list))
    shown += [
        cut(part, MOST_ERROR)
        for name in nested
        for part in parts_unlike(name, record[name], step.changes[name])
    ]
    return f"read back: {'DIFFERS: ' if differs else ''}{'; '.join(shown) or 'it is there'}"


async def _undo(workspace: Workspace, plan: Plan, otherwise: set[int]) -> list[str]:
    """The inverse as a ready plan, where one exists, or why none does."""
    if not plan.done:
        return []
    try:
        return (
            [f"undo: ads_apply({workspace.plans.get(plan.undo).plan_id})"]
            if _open(workspace, plan.undo)
            else []
        )
    except UnknownPlan:
        pass
    try:
        found = await inverse(workspace, plan, otherwise)
    except NotNow as why:
        return [f"undo: not made yet ({why}); call ads_apply with the same plan_id again for the undo"]
    lines = no_undo_lines(found.reasons)
    if not found.steps:
        return lines
    try:
        check_caps(workspace.settings.caps, found.steps, workspace.audit)
        plan.undo = plan_id(found.steps)
        workspace.plans.finish(plan, plan.state)
        workspace.plans.add(Plan(plan.undo, found.steps, plan.owner))
    except AdsError as error:
        return [*lines, f"no undo: {error.lines[0]}"]
    return [f"undo: ads_apply({plan.undo})", *lines]


def _open(workspace: Workspace, plan_id: str) -> bool:
    """Whether the undo made before can still be applied. Raises UnknownPlan when there is none."""
    plan = workspace.plans.get(plan_id) if plan_id else None
    if plan is None or (plan.state == "ready" and plan.expired):
        raise UnknownPlan("none")
    return plan.state == "ready"
