"""Writes under the write mode: planned, carried out at once, or refused; and plans applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.errors import AdsError, CallError, InvalidParams, NoRecord, PolicyError, StalePlan, UnknownPlan

from . import says
from .applying import Report, carry_out, out_of_time, outcome, perform
from .audit import made_key
from .checking import Drifted
from .deadline import deadline
from .execute import lead, noted
from .outcomes import told
from .planning import Draft, draft, in_order
from .plans import FINISHED, Plan
from .policy import check_caps, check_mode
from .references import fill_refs
from .steps import Step

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace


async def write(
    workspace: Workspace, session: Session, entity: str, action: str, params: dict[str, Any]
) -> Result:
    """Plan a write, or carry it out at once in direct mode. Raises AdsError; then nothing was sent."""
    check_mode(workspace.settings)
    session.check_configured()
    workspace.audit.check()
    append_to = params.pop("append_to", None) or params.pop("appendTo", None)
    with deadline():
        if workspace.settings.writes != "direct":
            base = _open_plan(workspace, str(append_to)) if append_to else None
            found = await draft(session, entity, action, params, base.steps if base else [])
            warn_of_twins(workspace, found.steps)
            return _planned(workspace, session, found, base)
        if append_to:
            raise InvalidParams("append_to: there are no plans where writes go out directly")
        found = await draft(session, entity, action, params)
        warn_of_twins(workspace, found.steps)
        return await direct(workspace, session, found)


def warn_of_twins(workspace: Workspace, steps: Sequence[Step]) -> None:
    """Say what is about to be made once more: agents forget what they have done."""
    new = [step for step in steps if not step.subject and step.name]
    made = workspace.audit.made() if new else {}
    for step in new:
        if twin := made.get(made_key(step)):
            step.warnings.append(f"a {step.noun} of this name was made at {twin[1]} already: {twin[0]}")


def _planned(workspace: Workspace, session: Session, found: Draft, base: Plan | None) -> Result:
    if not found.steps:
        return _nothing_to_do(session, found, base)
    steps = in_order([*(base.steps if base else []), *found.steps])
    check_caps(workspace.settings.caps, steps, workspace.audit)
    excluded = [*(base.excluded if base else []), *found.excluded]
    return planned(session, workspace.plans.keep(steps, workspace.who().id, excluded, base))


def planned(session: Session, plan: Plan) -> Result:
    """A plan as an answer."""
    text = "\n".join([*lead(session), says.plan_text(plan)])
    return Result(says.plan_record(plan, says.MOST_STEPS), noted(session), text=text)


def _nothing_to_do(session: Session, found: Draft, base: Plan | None) -> Result:
    kept = f"\n{base.plan_id} stays as it is." if base else ""
    text = "\n".join([*lead(session), says.nothing_said(found.excluded) + kept])
    return Result({"steps": [], "excluded": found.excluded}, noted(session), text=text)


def _open_plan(workspace: Workspace, plan_id: str) -> Plan:
    plan = plan_of(workspace, plan_id)
    if plan.state != "ready":
        raise StalePlan(f"append_to: this plan is {plan.state} already; make a new one")
    if plan.expired:
        raise _expired()
    return plan


def plan_of(workspace: Workspace, plan_id: str) -> Plan:
    """A plan, for its maker or the owner of the files it lies in. Raises UnknownPlan, PolicyError."""
    plan, who = workspace.plans.get(plan_id), workspace.who()
    if plan.owner != who.id and not who.local:
        fix = "who made it applies it, or the owner of MCP_ADS_HOME with `mcp-ads apply`"
        raise PolicyError("the plan was made by someone else", fix=fix)
    return plan


def _expired() -> UnknownPlan:
    return UnknownPlan("this plan has expired; nothing was changed", fix="make the plan again")


async def direct(workspace: Workspace, session: Session, found: Draft) -> Result:
    """Carry steps out at once, each at most once, until one fails. A single one that fails is raised."""
    if not found.steps:
        return _nothing_to_do(session, found, None)
    steps, errors, why = in_order(found.steps), list[AdsError](), ""
    check_caps(workspace.settings.caps, steps, workspace.audit)
    for step in steps:
        if why := _too_late(workspace) if step is not steps[0] else "":
            break
        if error := await perform(workspace, step, workspace.who()):
            errors.append(error)
            break
    if errors and not any(step.state == "done" for step in steps):
        raise _with_check(errors[0], steps)
    return _done(session, found, steps, why or "an earlier one was not done")


def _too_late(workspace: Workspace) -> str:
    """Why no more is sent in this call; empty when there is no reason."""
    if out_of_time():
        return "the call's time was over; ask for these again"
    try:
        workspace.audit.check()
    except NoRecord as error:
        return str(error)
    return ""


def _with_check(error: AdsError, steps: Sequence[Step]) -> AdsError:
    """The error of the only thing that was tried."""
    check = next((step.error["check"] for step in steps if step.error and "check" in step.error), "")
    if check:
        error.fix = f"look before doing it again: {check}"
    return error


def _done(session: Session, found: Draft, steps: Sequence[Step], why: str) -> Result:
    rows = [
        {"id": step.object_id, "name": step.name, "state": step.state, "changes": "; ".join(step.says)}
        for step in steps
    ]
    errors = [
        {
            **(step.error or {"code": "NotSent", "message": f"not sent: {why}", "sent": "no"}),
            "index": step.item,
        }
        for step in steps
        if step.state != "done"
    ]
    warnings = list(dict.fromkeys(each for step in steps for each in step.warnings))
    meta = {**noted(session), "done": sum(step.state == "done" for step in steps)}
    meta |= {name: each for name, each in (("excluded", found.excluded), ("warnings", warnings)) if each}
    return Result(rows[0] if len(rows) == 1 and not found.excluded else rows, meta, errors)


async def apply(workspace: Workspace, plan_id: str, report: Report | None = None) -> Result:
    """Carry out a plan, go on with one, or say what became of it. Raises AdsError; then nothing was sent."""
    check_mode(workspace.settings)
    plan = plan_of(workspace, plan_id)
    with deadline():
        if plan.state in FINISHED:
            return await told(workspace, plan, again=True)
        if plan.expired and _untouched(plan):
            raise _expired()
        with workspace.plans.claim(plan_id) as claimed:
            if claimed.state in FINISHED:
                return await told(workspace, claimed, again=True)
            return await _go_on(workspace, claimed, report)


def _untouched(plan: Plan) -> bool:
    return all(step.state == "ready" for step in plan.steps)


async def _go_on(workspace: Workspace, plan: Plan, report: Report | None) -> Result:
    untouched = _untouched(plan)
    if plan.expired and not untouched:
        workspace.plans.finish(plan, outcome(plan.steps))
        return await told(workspace, plan)
    try:
        plan = await carry_out(workspace, plan, workspace.who(), report)
    except Drifted as drift:
        return await _planned_anew(workspace, plan, drift)
    except AdsError:
        if untouched:
            workspace.plans.release(plan)
        raise
    return await told(workspace, plan)


async def _planned_anew(workspace: Workspace, plan: Plan, drift: Drifted) -> Result:
    """The same intention against what is there now, as a new plan; the old one is over."""
    lines, session = _not_applied(plan, drift), workspace.session(plan.steps[0].connector)
    try:
        found = await _drafted_anew(workspace, plan)
        check_caps(workspace.settings.caps, found.steps, workspace.audit)
    except (CallError, PolicyError) as error:
        _close(workspace, plan, "nothing")
        raise StalePlan("\n".join([*lines, *error.lines]), fix=error.fix) from None
    if not found.steps:
        _close(workspace, plan, "nothing")
        text = "\n".join([*lead(session), *lines, says.nothing_said(found.excluded)])
        return Result({"drift": drift.lines, "steps": []}, noted(session), text=text)
    fresh = workspace.plans.keep(found.steps, plan.owner, found.excluded)
    _close(workspace, plan, fresh.plan_id)
    record = says.plan_record(fresh, says.MOST_STEPS) | {"drift": drift.lines}
    text = "\n".join([*lead(session), *lines, "A fresh plan:", says.plan_text(fresh)])
    return Result(record, noted(session), text=text)


def _not_applied(plan: Plan, drift: Drifted) -> list[str]:
    done = (
        f" {plan.done} of {len(plan.steps)} steps were done before; do not repeat these." if plan.done else ""
    )
    head = "NOT APPLIED: the account has changed since this plan was made. Nothing was sent now."
    return [f"{head}{done}", *drift.lines]


def _close(workspace: Workspace, plan: Plan, replaced_by: str) -> None:
    if plan.done:
        workspace.plans.finish(plan, "partial")
    else:
        workspace.plans.void(plan, replaced_by)


async def _drafted_anew(workspace: Workspace, plan: Plan) -> Draft:
    """What is left of a plan: references to what was made as ids, to what will be made as new numbers."""
    found, known = Draft(), dict[int, str]()
    for number, step in enumerate(plan.steps, 1):
        if step.state == "done":
            known[number] = step.object_id
            continue
        asked = fill_refs(step.asked, known)
        part = await draft(workspace.session(step.connector), step.entity, step.action, asked, found.steps)
        found.steps += part.steps
        found.excluded += part.excluded
        known[number] = f"@{len(found.steps)}.id"
    return found
