"""Carries a plan out: checked against the platform first, each step at most once, every step written down."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from mcp_ads.core import Progress
from mcp_ads.errors import AdsError, NoRecord, OutcomeUnknown, StalePlan

from .audit import Who
from .checking import check, check_call
from .deadline import left
from .error_text import as_row
from .planning import call_of, names_new
from .plans import Plan, PlanState
from .references import fill_refs
from .steps import Step

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

Report = Callable[[Progress], Awaitable[None]]
RESERVE = 15.0
"""Seconds of a call that must be left for another step to begin."""
LATEST = 10.0
"""Seconds a step may run beyond the call's time; then its outcome is unknown, and clients still listen."""


async def carry_out(workspace: Workspace, plan: Plan, who: Who, report: Report | None = None) -> Plan:
    """Send what is left of a claimed plan. Raises Drifted or AdsError when nothing of it may be sent.

    Ends with the plan finished, or still `applying` when time ran out.
    """
    ready = [index for index, step in enumerate(plan.steps) if step.state == "ready"]
    if any(step.state in ("failed", "unknown") for step in plan.steps):
        return _finish(workspace, plan)
    await check(workspace, plan, ready)
    for index in ready:
        if index != ready[0] and out_of_time():
            plan.state = "applying"
            return plan
        await _send(workspace, plan, index, who)
        await _tell(plan, index, report)
        if plan.steps[index].state != "done":
            break
    return _finish(workspace, plan)


def out_of_time() -> bool:
    """Whether what is left of the call is too short for another step."""
    return left() < RESERVE


async def _tell(plan: Plan, index: int, report: Report | None) -> None:
    """Report progress; a client that is gone must not stop what it has asked for."""
    if report:
        with contextlib.suppress(Exception):
            await report(Progress(plan.done, len(plan.steps), plan.steps[index].target))


def _finish(workspace: Workspace, plan: Plan) -> Plan:
    plan.state = outcome(plan.steps)
    with contextlib.suppress(NoRecord):  # the journal has it; the next call tries again
        workspace.plans.finish(plan, plan.state)
    return plan


def outcome(steps: list[Step]) -> PlanState:
    if any(step.state == "unknown" for step in steps):
        return "unknown"
    return "applied" if all(step.state == "done" for step in steps) else "partial"


async def _send(workspace: Workspace, plan: Plan, index: int, who: Who) -> None:
    """Send one step: journalled before and after, so that nothing is ever sent twice. Raises NoRecord."""
    step = plan.steps[index]
    ids = {number: each.object_id for number, each in enumerate(plan.steps, 1) if each.state == "done"}
    step.state = "sending"
    try:
        workspace.audit.check()
        workspace.plans.journal(plan, index)
    except NoRecord as error:
        _stopped(plan, step, error)
        return
    try:
        await perform(workspace, step, who, plan.plan_id, ids)
    finally:
        with contextlib.suppress(NoRecord):
            workspace.plans.journal(plan, index)


def _stopped(plan: Plan, step: Step, error: NoRecord) -> None:
    """What cannot be written down is not sent; with nothing done yet there is nothing to report either."""
    step.state, step.error = "failed", as_row(0, error)
    if not plan.done:
        step.state, step.error = "ready", None
        raise error


async def perform(
    workspace: Workspace, step: Step, who: Who, plan_id: str = "", ids: Mapping[int, str] | None = None
) -> AdsError | None:
    """Send a step's request once, and note in it and in the audit log what came of it."""
    step.subject, started = fill_refs(step.subject, ids or {}), time.time()
    error: AdsError | None = OutcomeUnknown("the call was cancelled while this was being sent")
    try:
        error = await _outcome(workspace.session(step.connector), step, ids or {})
    finally:
        _note(workspace, step, error, who, plan_id, started)
    return error


async def _outcome(session: Session, step: Step, ids: Mapping[int, str]) -> AdsError | None:
    """Send the request in what is left of the call; whatever breaks on the way, it may have arrived."""
    try:
        async with asyncio.timeout(left() + LATEST):
            await _request(session, step, ids)
    except AdsError as failed:
        return failed
    except Exception as broken:  # noqa: BLE001
        return OutcomeUnknown(f"the change was sent and its outcome is unknown ({type(broken).__name__})")
    return None


async def _request(session: Session, step: Step, ids: Mapping[int, str]) -> None:
    """Send it and read the new id. Raises AdsError."""
    call = call_of(session, step, ids)
    if any(number not in ids for number in step.refs):
        raise StalePlan("a step this one builds on was not done")
    answer = await session.send(call.to_request(), step.owner)
    step.id = step.subject or names_new(call, answer)
    if not step.id:
        raise OutcomeUnknown("the platform accepted the change and did not say the new id")
    if not step.subject and step.account:
        session.accounts.own(step.id, step.account["id"])


def _note(
    workspace: Workspace, step: Step, error: AdsError | None, who: Who, plan_id: str, started: float
) -> None:
    step.state = "done" if error is None else "unknown" if error.sent == "unknown" else "failed"
    if error is not None:
        step.error = as_row(0, error)
    if step.state == "unknown":
        since = time.strftime("%H:%M:%S UTC", time.gmtime(started))
        assert step.error is not None
        step.error["check"] = check_call(workspace.session(step.connector), step, since)
    try:
        workspace.audit.note(step, who, plan_id)
    except NoRecord as unwritten:
        step.warnings.append(f"missing in the audit log: {unwritten}")
