"""Carries a plan out: checked against the platform first, each step at most once, every step written down."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from mcp_ads.core import Progress
from mcp_ads.core.recipe import Report
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.changes.plan import Plan, PlanState
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.records.lately import SENDING
from mcp_ads.engine.wire.deadline import left
from mcp_ads.errors import AdsError, NoRecord, PlatformDown, RateLimited, Rejected, StalePlan
from mcp_ads.undisturbed import undisturbed

from .batch import Group, groups_of, perform_together
from .check import check_allowed, check_unchanged
from .made import Made
from .parts import Way
from .send import if_lost, perform
from .turns import turn

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

RESERVE = 15.0
"""Seconds of a call that must be left for another step to begin."""
DAMAGED = "the plan's journal cannot be read, so nobody knows what of it was done: look at its objects"


async def carry_out(workspace: Workspace, plan: Plan, who: Who, report: Report | None = None) -> Plan:
    """Send what is left of a claimed plan. Raises Drifted or AdsError when nothing of it may be sent.

    Ends with the plan finished, or still `applying` when time ran out. When the call is cancelled, the step
    under way is sent and written down to its end, and no later one is begun.
    """
    note_lost(workspace, plan, who)
    if any(step.state == "unknown" for step in plan.steps):
        return _finish(workspace, plan)
    if plan.damaged:
        raise StalePlan(DAMAGED, fix="then make the plan again")
    groups, steps = groups_of(workspace, plan.steps), plan.steps
    ended = next((n for n, group in enumerate(groups) if _failed(group, steps)), len(groups))
    going = [*groups[:ended], *(group for group in groups[ended : ended + 1] if group.goes_on(steps))]
    ready = [index for group in going for index in group.indexes if steps[index].state == "ready"]
    if not ready:
        return _finish(workspace, plan)
    for step in (steps[index] for index in ready if not steps[index].begun):
        step.error = None  # what put it off was so in the call before
    made = Made(workspace, plan, who)
    async with turn(workspace, [steps[index] for index in ready], patience()):
        await check_allowed(workspace, plan, ready)
        if not await made.bears([steps[index] for index in ready], before=True):
            return _held_back(workspace, plan)
        await check_unchanged(workspace, plan, ready)
        for group in going:
            if not await _send_group(workspace, plan, group, made, report, ready[0]):
                return _held_back(workspace, plan)
            if any(steps[index].state in ("failed", "unknown") for index in group.indexes):
                break
    return _finish(workspace, plan)


async def _send_group(
    workspace: Workspace, plan: Plan, group: Group, made: Made, report: Report | None, first: int
) -> bool:
    """Send what is ready of a group, until a request fails as a whole. False when the time is over before, or
    the platform wants a pause.

    `first` is the step that this call begins with, whatever the time.
    """
    steps = plan.steps
    for batch in group.batches(steps):
        if first not in batch and out_of_time():
            plan.state = "applying"
            return False
        if not await made.bears([steps[index] for index in batch]):
            plan.state = "applying"
            return False
        made.leaves(batch)
        if len(batch) == 1:
            await undisturbed(_send(workspace, plan, batch[0], made.who, report))
        else:
            await undisturbed(_send_together(workspace, plan, batch, made.who))
        await _tell(plan, batch[-1], report)
        if any(steps[index].begun or steps[index].state == "ready" for index in batch):
            plan.state = "applying"
            return False
        if not (group.goes_on(steps) and any(steps[index].state == "done" for index in batch)):
            return True
    return True


def _held_back(workspace: Workspace, plan: Plan) -> Plan:
    """The plan as it is when no more of it is sent: to be gone on with, unless nobody knows of a step."""
    if any(step.state == "unknown" for step in plan.steps):
        return _finish(workspace, plan)
    plan.state = "applying"
    return plan


def _failed(group: Group, steps: Sequence[Step]) -> bool:
    """Whether something of it was not done, so that nothing after it is begun."""
    return any(steps[index].state == "failed" for index in group.indexes)


def note_lost(workspace: Workspace, plan: Plan, who: Who) -> None:
    """Write down that nobody knows what became of steps whose process died while they were being sent."""
    for index in workspace.plans.lost(plan):
        with contextlib.suppress(NoRecord):  # the log has the intent, and the next call finds the step again
            workspace.audit.note(plan.steps[index], who, plan.plan_id, plan.ref(index))
            workspace.plans.journal(plan, index)


def out_of_time() -> bool:
    """Whether what is left of the call is too short for another step."""
    return left() < RESERVE


def patience() -> float:
    """Seconds a call may wait for others to end their changes of the same account."""
    return left() - RESERVE


async def _tell(plan: Plan, index: int, report: Report | None) -> None:
    """Report progress; a client that is gone must not stop what it has asked for."""
    if report:
        tried = sum(step.state != "ready" for step in plan.steps)
        with contextlib.suppress(Exception):
            await report(Progress(tried, len(plan.steps), plan.steps[index].target))


def _finish(workspace: Workspace, plan: Plan) -> Plan:
    plan.state = outcome(plan.steps)
    with contextlib.suppress(NoRecord):  # the journal has it; the next call tries again
        workspace.plans.finish(plan, plan.state)
    return plan


def outcome(steps: list[Step]) -> PlanState:
    if any(step.state == "unknown" for step in steps):
        return "unknown"
    return "applied" if all(step.state == "done" for step in steps) else "partial"


async def _send(workspace: Workspace, plan: Plan, index: int, who: Who, report: Report | None = None) -> None:
    """Send one step: journalled before and after, so that nothing is ever sent twice.

    Raises AdsError when nothing of the plan has been done and nothing was sent, so that it can be applied
    again.
    """
    step: Step = plan.steps[index]
    error: AdsError | None = None
    step.state = SENDING
    way = Way(partial(workspace.plans.journal_part, plan, index), out_of_time, report)
    try:
        _journal_sending(workspace, plan, index)
        ref = plan.ref(index)
        error = await perform(workspace, step, who, plan.plan_id, ref, plan.ids, way, plan.steps)
    except NoRecord as unwritten:
        step.state, step.error, error = "ready" if step.sent else "failed", as_row(0, unwritten), unwritten
    finally:
        if error and not step.sent and _may_be_tried_again(plan, error):
            step.state, step.error = "ready", step.error if plan.done else None
        with contextlib.suppress(NoRecord):
            workspace.plans.journal(plan, index)
    if error and step.state == "ready" and not step.sent and not plan.done:
        raise error


def _journal_sending(workspace: Workspace, plan: Plan, *indexes: int) -> None:
    """Write down that steps are about to be sent, and how to look for each should this process end by then.

    Raises NoRecord.
    """
    steps = [plan.steps[index] for index in indexes]
    for step in steps:
        step.error = if_lost(workspace.session_of(step), step, plan.ids)
    workspace.plans.journal(plan, *indexes)
    for step in steps:
        step.error = None


async def _send_together(workspace: Workspace, plan: Plan, batch: Sequence[int], who: Who) -> None:
    """Send the steps of one request, the same way: what becomes of one is not what becomes of the others."""
    steps, errors = [plan.steps[index] for index in batch], list[AdsError | None]()
    for step in steps:
        step.state = SENDING
    try:
        _journal_sending(workspace, plan, *batch)
        refs = [plan.ref(index) for index in batch]
        errors = await perform_together(workspace, steps, who, plan.plan_id, refs, plan.steps)
    except NoRecord as unwritten:
        errors = [unwritten] * len(steps)
        for step in steps:
            step.state, step.error = "failed", as_row(0, unwritten)
    finally:
        again = bool(errors) and all(error and _may_be_tried_again(plan, error) for error in errors)
        for step, error in zip(steps, errors, strict=False):
            if again or _passes(error):
                step.state, step.error = "ready", step.error if plan.done else None
        with contextlib.suppress(NoRecord):
            workspace.plans.journal(plan, *batch)
    if again and errors[0] and not plan.done:
        raise errors[0]


def _may_be_tried_again(plan: Plan, error: AdsError) -> bool:
    """Whether the plan is as good as new: nothing of it is done, and it was not for its values; or whether
    the rest of it can go on when the platform's pause, or a lost connection, is over.
    """
    as_new = error.sent != "unknown" and not isinstance(error, Rejected) and not plan.done
    return as_new or _passes(error)


def _passes(error: AdsError | None) -> bool:
    """Whether nothing was done only because the platform wants a pause, or could not be reached."""
    return isinstance(error, RateLimited | PlatformDown) and error.sent != "unknown"
