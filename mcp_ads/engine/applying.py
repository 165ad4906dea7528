"""Carries a plan out: checked against the platform first, each step at most once, every step written down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..core import Progress, dig
from ..errors import AdsError, ApiError, NotFound, StalePlan, UnknownPlan
from . import live as objects
from .audit import Who
from .planning import call_of
from .plans import Plan, PlanState
from .policy import check_caps
from .recipes import DEADLINE
from .shape import as_row
from .steps import Step, fill_refs

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

Report = Callable[[Progress], Awaitable[None]]
AT_ONCE = 8


class Drifted(Exception):  # noqa: N818 - a finding, not a fault
    """What a plan was made from is no longer so; one line per difference."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


async def carry_out(workspace: Workspace, plan: Plan, who: Who, report: Report | None = None) -> Plan:
    """Send what is left of a claimed plan. Raises Drifted when nothing of it may be sent any more.

    Ends with the plan finished, or still `applying` when time ran out.
    """
    started = time.monotonic()
    left = [index for index, step in enumerate(plan.steps) if step.state == "ready"]
    if any(step.state in ("failed", "unknown") for step in plan.steps):
        return _finish(workspace, plan)
    await _check(workspace, plan, left)
    for index in left:
        if time.monotonic() - started > DEADLINE - 10 and index != left[0]:
            plan.state = "applying"
            return plan
        await _send(workspace, plan, index, who)
        if report:
            done = sum(step.state == "done" for step in plan.steps)
            await report(Progress(done, len(plan.steps), plan.steps[index].target or plan.steps[index].noun))
        if plan.steps[index].state != "done":
            break
    return _finish(workspace, plan)


def _finish(workspace: Workspace, plan: Plan) -> Plan:
    workspace.plans.finish(plan, outcome(plan.steps))
    return plan


def outcome(steps: list[Step]) -> PlanState:
    if any(step.state == "unknown" for step in steps):
        return "unknown"
    return "applied" if all(step.state == "done" for step in steps) else "partial"


async def _check(workspace: Workspace, plan: Plan, left: list[int]) -> None:
    """Everything that must still be so before the first of these steps is sent."""
    workspace.audit.check()
    steps = [plan.steps[index] for index in left]
    for step in steps:
        _check_request(workspace.session(step.connector), step)
    check_caps(workspace.settings.caps, steps, workspace.audit)
    done = {step.subject or step.id for step in plan.steps if step.state == "done"}
    gate = asyncio.Semaphore(AT_ONCE)
    looked = [_drift(workspace, step, gate) for step in steps if step.subject not in done]
    if lines := [line for found in await asyncio.gather(*looked) for line in found]:
        raise Drifted(lines)


def _check_request(session: Session, step: Step) -> None:
    """The request derived again must be the one that was agreed to, on the connection it was planned for."""
    if step.connection != session.connection:
        raise StalePlan("the plan was made for another connection (other hosts, or the sandbox)")
    wire = session.transport.wire(call_of(session, step).to_request())
    if step.request != {"method": wire.method, "url": wire.url, "body": (wire.content or b"").decode()}:
        raise StalePlan("the plan's request is spelled differently by this version; make the plan again")


async def _drift(workspace: Workspace, step: Step, gate: asyncio.Semaphore) -> list[str]:
    """How the object differs from what the plan says it was."""
    if not step.before or step.subject.startswith("@"):
        return []
    session = workspace.session(step.connector)
    call = call_of(session, step)
    fields = [*call.watch, *call.changes()]
    try:
        async with gate:
            record = await objects.fetch(session, step.entity, step.subject, step.owner, fields, step.params)
    except NotFound:
        return [f"{step.noun} {step.target} is not there any more"]
    now = objects.watched(record, fields)
    return [
        f"{step.noun} {step.target}: {name} was {step.before.get(name)}, is {now.get(name)}"
        for name in dict.fromkeys([*step.before, *now])
        if not objects.same(step.before.get(name), now.get(name))
    ]


async def _send(workspace: Workspace, plan: Plan, index: int, who: Who) -> None:
    """Send one step: journalled before and after, so that nothing is ever sent twice."""
    step = plan.steps[index]
    ids = {number + 1: each.id for number, each in enumerate(plan.steps) if each.state == "done"}
    step.state = "sending"
    workspace.plans.journal(plan, index)
    await perform(workspace, step, who, plan.plan_id, ids)
    workspace.plans.journal(plan, index)


async def perform(
    workspace: Workspace, step: Step, who: Who, plan_id: str = "", ids: dict[int, str] | None = None
) -> AdsError | None:
    """Send a step's request once and note in it, and in the audit log, what came of it."""
    session, error = workspace.session(step.connector), None
    step.subject = fill_refs(step.subject, ids or {})
    call = call_of(session, step, ids)
    try:
        answer = await session.send(call.to_request(), step.owner)
        step.state, step.id = "done", str(dig(answer, call.made) or "") if not step.subject else step.subject
        if step.id and not step.subject and step.account:
            session.accounts.own(step.id, step.account["id"])
    except AdsError as failed:
        error = failed
        step.state = "unknown" if failed.sent == "unknown" else "failed"
        step.error = as_row(0, failed) | ({"check": check_call(session, step)} if step.state == "unknown" else {})
    except asyncio.CancelledError:
        step.state = "unknown"
        workspace.audit.note(step, "unknown", who, plan_id)
        raise
    workspace.audit.note(step, step.state, who, plan_id)
    return error


def check_call(session: Session, step: Step) -> str:
    """The call that shows whether a step with an unknown outcome was done."""
    call, name = call_of(session, step), f"{session.connector.name}_execute"
    if call.subject:
        params = {session.connector.entity(step.entity).actions["get"].subject: step.subject}
        wanted = ", ".join(step.says)
        return f'{name}("{step.entity}", "get", {params}): it was done if it shows {wanted}'
    lookup = dict(call.lookup())
    return f'{name}("{step.entity}", "list", {lookup}): it was done if it lists {step.noun} "{step.name}"'


async def verdict(workspace: Workspace, step: Step) -> str:
    """Whether a change with an unknown outcome is in effect now, as far as reading the object shows."""
    if not step.subject or step.subject.startswith("@"):
        return ""
    session = workspace.session(step.connector)
    try:
        record = await objects.fetch(session, step.entity, step.subject, step.owner, list(step.changes), step.params)
    except NotFound:
        return "reading it now: it is not there"
    except ApiError:
        return ""
    there = all(objects.same(record.get(name), value) for name, value in step.changes.items())
    return f"reading it now: the change {'is' if there else 'is not'} in effect"


def refuse_unless_open(plan: Plan, now: float) -> None:
    """Raise UnknownPlan for a plan that has expired."""
    if plan.state == "ready" and plan.expires < now:
        raise UnknownPlan("this plan has expired; nothing was changed", fix="make the plan again")


