"""What a plan that was carried out answers: what was done, what reading shows, and its undo as a plan."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mcp_ads.core import Result
from mcp_ads.engine.answers import undo_text
from mcp_ads.engine.answers.facts import note_lines, remark_lines, stated
from mcp_ads.engine.answers.lost_text import settled
from mcp_ads.engine.answers.next_text import next_lines
from mcp_ads.engine.answers.outcome_text import outcome_lines
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.engine.answers.shape import one_line
from mcp_ads.engine.answers.step_text import MOST_STEPS
from mcp_ads.engine.changes.moments import left_at
from mcp_ads.engine.changes.naming import plan_id
from mcp_ads.engine.changes.plan import FINISHED, Plan
from mcp_ads.engine.planning.policy import check_caps
from mcp_ads.errors import AdsError, NoRecord, UnknownPlan

from .read_back import read_back_lines, seen_of
from .undo import NotNow, inverse
from .verdicts import OLDER, how_to_check, how_to_check_all

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace


async def outcome_result(workspace: Workspace, plan: Plan, *, again: bool = False) -> Result:
    """The answer to ads_apply."""
    _say_how_to_check(workspace, plan)
    seen = await seen_of(workspace, plan)
    _note_clocks(workspace, plan)
    shown = {index: look.said for index, look in seen.items() if look.text}
    otherwise = {index for index, look in seen.items() if look.as_set is False}
    looks = partial(_check_of, workspace, plan)
    lines = outcome_lines(plan, shown, otherwise=bool(otherwise), looks=looks)
    if plan.state == "unknown":
        lines[0] = "; ".join(
            filter(None, [lines[0], settled(plan.steps, {**dict.fromkeys(seen, ""), **shown}, OLDER)])
        )
    lines += [*read_back_lines(plan, seen), *next_lines(plan, shown), *_undone(workspace, plan)]
    if again:
        before = "sent" if plan.state == "unknown" else "carried out"
        lines.insert(0, f"This plan was {before} before; nothing was sent now.")
    if plan.state != "applying":
        lines += await _undo(workspace, plan, otherwise)
    session = workspace.session_of(plan.steps[0])
    errors = [
        {**step.error, "index": index, **({"item": step.item} if step.item != index else {})}
        for index, step in enumerate(plan.steps)
        if step.error
    ]
    text = "\n".join(map(one_line, [*note_lines(session), *lines, *remark_lines()]))
    return Result(plan_record(plan, MOST_STEPS), stated(session), errors, text=text)


def _say_how_to_check(workspace: Workspace, plan: Plan) -> None:
    """Add to each step of unknown outcome the call that shows whether it was done."""
    for step in plan.steps:
        if step.state == "unknown" and step.error is not None and "check" not in step.error:
            with contextlib.suppress(AdsError):
                if check := how_to_check(workspace.session_of(step), step):
                    step.error["check"] = check


def _check_of(workspace: Workspace, plan: Plan, group: Sequence[int]) -> str:
    """The call that shows several steps at once; empty where none does."""
    steps = [plan.steps[index] for index in group]
    with contextlib.suppress(AdsError):
        return how_to_check_all(workspace.session_of(steps[0]), steps)
    return ""


def _note_clocks(workspace: Workspace, plan: Plan) -> None:
    """Keep how far this machine's clock was from the platform's, once an answer has told."""
    told = False
    for step in plan.steps:
        since = left_at(step.error or {}) if step.state == "unknown" else None
        with contextlib.suppress(AdsError):  # its connection is not there any more
            if since and since.ahead is None and step.error is not None:
                ahead = workspace.session_of(step).transport.clock.ahead(since.at)
                step.error |= replace(since, ahead=ahead).to_json()
                told = told or ahead is not None
    if told and plan.state in FINISHED:
        with contextlib.suppress(NoRecord):
            workspace.plans.finish(plan, plan.state)


def _undone(workspace: Workspace, plan: Plan) -> list[str]:
    """How much of the plan this one takes back is undone by it."""
    try:
        return [undo_text.undone_line(workspace.plans.get(plan.undoes), plan)] if plan.undoes else []
    except (UnknownPlan, NoRecord):  # what was done is told, whatever became of our records
        return []


async def _undo(workspace: Workspace, plan: Plan, otherwise: set[int]) -> list[str]:
    """The inverse as a ready plan, where one exists, or why none does."""
    if not plan.done and not any(step.sent for step in plan.steps):
        return []
    try:
        return (
            [f"undo: ads_apply({workspace.plans.get(plan.undo).plan_id})"]
            if _open(workspace, plan.undo)
            else []
        )
    except UnknownPlan:
        pass
    except NoRecord as error:
        return [f"undo: not known now ({error.lines[0]}); call ads_apply with the same plan_id again for it"]
    try:
        undo = await inverse(workspace, plan, otherwise)
    except NotNow as why:
        return [f"undo: not made yet ({why}); call ads_apply with the same plan_id again for the undo"]
    lines = undo_text.no_undo_lines(undo.reasons)
    if not undo.steps:
        return lines
    try:
        check_caps(workspace.settings.caps, undo.steps, workspace.audit)
        plan.undo = plan_id(undo.steps)
        workspace.plans.finish(plan, plan.state)
        workspace.plans.add(Plan(plan.undo, undo.steps, plan.owner, undoes=plan.plan_id))
    except AdsError as error:
        return [*lines, f"no undo: {error.lines[0]}"]
    return [f"undo: ads_apply({plan.undo})", *lines]


def _open(workspace: Workspace, plan_id: str) -> bool:
    """Whether the undo made before can still be applied. Raises UnknownPlan when there is none."""
    plan = workspace.plans.get(plan_id) if plan_id else None
    if plan is None or (plan.state == "ready" and plan.expired):
        raise UnknownPlan("none")
    return plan.state == "ready"
