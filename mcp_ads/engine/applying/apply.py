"""A plan applied: gone on with, planned anew where the account has changed, or told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mcp_ads.core import Result
from mcp_ads.core.recipe import Report
from mcp_ads.engine.answers import plan_text
from mcp_ads.engine.answers.facts import note_lines, remark_lines, stated
from mcp_ads.engine.answers.left_out_text import nothing_said
from mcp_ads.engine.answers.request_text import left_lines
from mcp_ads.engine.answers.shape import one_line
from mcp_ads.engine.answers.step_text import MOST_STEPS
from mcp_ads.engine.changes.naming import plan_id
from mcp_ads.engine.changes.plan import FINISHED, Plan
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.waits import settle_waits
from mcp_ads.engine.planning.draft import in_order, plan_steps
from mcp_ads.engine.planning.left_out import Drafted
from mcp_ads.engine.planning.policy import check_caps, check_mode
from mcp_ads.engine.wire.deadline import deadline
from mcp_ads.errors import AdsError, CallError, PolicyError, StalePlan, UnknownPlan

from .carry_out import carry_out, note_lost, outcome
from .check import Drifted
from .outcome import outcome_result
from .twins import warn_of_repeats

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace
from mcp_ads.engine.workspace import plan_of


def expired() -> UnknownPlan:
    """The error for a plan whose time to be applied is over."""
    return UnknownPlan("this plan has expired; nothing was changed", fix="make the plan again")


NOT_APPLIED = "NOT APPLIED"
FOUND_THEN = "found as of then, and not looked for again: what has been renamed since is left out"
RENAMED = "renamed since a condition found it: call again with where to see whether it still fits"


async def apply(workspace: Workspace, plan_id: str, report: Report | None = None) -> Result:
    """Carry out a plan, go on with one, or say what became of it. Raises AdsError; then nothing was sent."""
    check_mode(workspace.settings, sends=True)
    plan = plan_of(workspace, plan_id)
    with deadline():
        if plan.state in FINISHED:
            return await outcome_result(workspace, plan, again=True)
        if plan.expired and _untouched(plan):
            raise expired()
        with workspace.plans.claim(plan_id) as claimed:
            if claimed.state in FINISHED:
                return await outcome_result(workspace, claimed, again=True)
            return await _go_on(workspace, claimed, report)


def _untouched(plan: Plan) -> bool:
    return all(step.state == "ready" and not step.sent for step in plan.steps)


async def _go_on(workspace: Workspace, plan: Plan, report: Report | None) -> Result:
    untouched = _untouched(plan)
    if plan.expired and not untouched:
        note_lost(workspace, plan, workspace.who())
        workspace.plans.finish(plan, outcome(plan.steps))
        return await outcome_result(workspace, plan)
    try:
        plan = await carry_out(workspace, plan, workspace.who(), report)
    except Drifted as drift:
        return await _planned_anew(workspace, plan, drift)
    except AdsError as error:
        if untouched:
            workspace.plans.release(plan)
            error.fix = "; ".join(filter(None, [error.fix, "the plan stays open"]))
        error.args = ("\n".join([str(error), *_left(plan)]),)
        raise
    return await outcome_result(workspace, plan)


async def _planned_anew(workspace: Workspace, plan: Plan, drift: Drifted) -> Result:
    """Plan what is left once more, from the platform as it is now, and close the old plan."""
    lines, session = _not_applied(plan, drift), workspace.session_of(plan.steps[0])
    try:
        drafted = await _drafted_anew(workspace, plan)
        await warn_of_repeats(workspace, drafted.steps)
        check_caps(workspace.settings.caps, drafted.steps, workspace.audit)
    except (CallError, PolicyError) as error:
        _close(workspace, plan)
        new = [line for line in error.lines if not any(line in said for said in lines)]
        raise StalePlan("\n".join([*lines, *new]), fix=error.fix) from None
    if not drafted.steps:
        _close(workspace, plan)
        said = [*lines, nothing_said(drafted.excluded), *remark_lines()]
        text = "\n".join(map(one_line, [*note_lines(session), *said]))
        return Result({"drift": drift.lines, "steps": []}, stated(session), text=text)
    fresh = _in_place_of(workspace, plan, drafted)
    record = plan_text.plan_record(fresh, MOST_STEPS) | {"drift": drift.lines}
    head = map(one_line, [*note_lines(session), *lines, "A fresh plan:"])
    text = "\n".join([*head, plan_text.plan_text(fresh)])
    return Result(record, stated(session), text=text)


def _in_place_of(workspace: Workspace, plan: Plan, found: Drafted) -> Plan:
    """Keep a plan of the steps that are left, and close the old one: the two are never open together."""
    steps = in_order(found.steps)
    settle_waits(steps)
    fresh = Plan(plan_id(steps), steps, plan.owner, found.excluded, undoes=plan.undoes)
    fresh.selections = [*dict.fromkeys([*plan.selections, FOUND_THEN])] if plan.selections else []
    if plan.done:
        workspace.plans.finish(plan, "partial")
        workspace.plans.add(fresh)
    else:
        workspace.plans.succeed(plan, fresh)
    return fresh


def _not_applied(plan: Plan, drift: Drifted) -> list[str]:
    done = (
        f" {plan.done} of {len(plan.steps)} steps were done before; do not repeat these." if plan.done else ""
    )
    head = f"{NOT_APPLIED}: the account has changed since this plan was made. Nothing was sent now."
    more = len(drift.lines) - MOST_STEPS
    others = [f"… and {more} more differences"] if more > 0 else []
    return [f"{head}{done}", *drift.lines[:MOST_STEPS], *others, *_left(plan)]


def _left(plan: Plan) -> list[str]:
    """Lines about every step that stopped halfway: what it did, and what it left on the platform."""
    return [line for step in plan.steps if step.begun for line in left_lines(step)]


def _close(workspace: Workspace, plan: Plan) -> None:
    if plan.done:
        workspace.plans.finish(plan, "partial")
    else:
        workspace.plans.void(plan)


async def _drafted_anew(workspace: Workspace, plan: Plan) -> Drafted:
    """What is left of a plan: references to what was made as ids, to what will be made as new numbers.

    Steps of one kind in a row, of which none needs another, are drafted together, as they were asked for.
    """
    drafted, known, alike = Drafted(), dict[int, str](), dict[int, Step]()
    for number, step in enumerate(plan.steps, 1):
        if step.state == "done":
            known[number] = step.object_id
            continue
        kinds = {
            (planned.connector, planned.connection_name, planned.entity, planned.action)
            for planned in (*list(alike.values())[:1], step)
        }
        if len(kinds) > 1 or alike.keys() & {*step.refs}:
            await _draft_more(workspace, drafted, alike, known, selected=bool(plan.selections))
            alike.clear()
        alike[number] = step
    await _draft_more(workspace, drafted, alike, known, selected=bool(plan.selections))
    return drafted


async def _draft_more(
    workspace: Workspace, found: Drafted, alike: Mapping[int, Step], known: dict[int, str], *, selected: bool
) -> None:
    """Draft steps of one kind, and note what references to them mean from now on."""
    if not alike:
        return
    first = next(iter(alike.values()))
    items = [fill_refs(step.asked, known) for step in alike.values()]
    asked = items[0] if len(items) == 1 else {"items": items}
    part = await plan_steps(workspace.session_of(first), first.entity, first.action, asked, found.steps)
    numbers = list(alike)
    if selected:
        _leave_out_renamed(part, [*alike.values()])
    for place, step in enumerate(part.steps, len(found.steps) + 1):
        step.decided_by = step.decided_by or alike[numbers[step.item]].decided_by
        if step.makes:
            known[numbers[step.item]] = f"@{place}.id"
    found.steps += part.steps
    found.excluded += part.excluded


def _leave_out_renamed(part: Drafted, before: Sequence[Step]) -> None:
    """Leave out what has another name than when a condition found it: it may not fit any more."""
    renamed = [step for step in part.steps if step.does != "makes" and step.name != before[step.item].name]
    part.steps[:] = [step for step in part.steps if step not in renamed]
    part.excluded += [
        {"id": step.subject, "name": step.name, "why": RENAMED, "index": step.item} for step in renamed
    ]
