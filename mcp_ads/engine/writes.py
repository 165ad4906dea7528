"""Writes under the write mode: planned, carried out at once, or refused; and plans applied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.errors import AdsError, CallError, InvalidParams, NoRecord, PolicyError, StalePlan, UnknownPlan

from . import says
from .applying import Report, carry_out, note_lost, out_of_time, outcome, patience
from .audit import made_key
from .checking import Drifted
from .deadline import deadline
from .facts import lead, noted
from .naming import plan_id
from .outcomes import told
from .planning import Draft, draft, in_order
from .plans import FINISHED, Plan
from .policy import check_caps, check_mode
from .references import fill_refs
from .sending import perform, undisturbed
from .steps import Step
from .turns import name_of, turn

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
            warn_of_twins(workspace, found.steps, base.steps if base else ())
            return _planned(workspace, session, found, base)
        if append_to:
            raise InvalidParams("append_to: there are no plans where writes go out directly")
        return await direct(workspace, session, entity, action, params)


def warn_of_twins(workspace: Workspace, steps: Sequence[Step], earlier: Sequence[Step] = ()) -> None:
    """Say what is about to be made once more: agents forget what they have done, or ask for it twice."""
    new = [step for step in steps if not step.subject and step.name]
    made = workspace.audit.made() if new else {}
    planned = {_twin_key(step) for step in earlier if not step.subject}
    for step in new:
        if twin := made.get(made_key(step)):
            step.warnings.append(_twin_said(step, *twin))
        if _twin_key(step) in planned:
            step.warnings.append(f"another step makes the same {step.noun} {step.quoted}")
        planned.add(_twin_key(step))


def _twin_key(step: Step) -> tuple[str, ...]:
    """What makes two creations one intention: their name where they have one, else all that they set."""
    same = "" if "name" in step.changes else json.dumps(step.changes, sort_keys=True, default=str)
    return (*made_key(step), same)


def _twin_said(step: Step, made: str, at: str) -> str:
    if not made:
        return f"a {step.noun} of this name may have been made at {at} already: the outcome is not known"
    return f"a {step.noun} of this name was made at {at} already: {made}"


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


async def direct(
    workspace: Workspace, session: Session, entity: str, action: str, params: dict[str, Any]
) -> Result:
    """Carry a write out at once, each step at most once, until one fails. A single one that fails is raised.

    Nobody else changes the account from the check of the caps to the last answer. What was drafted while
    somebody did is drafted again.
    """
    seen = workspace.audit.size()
    found = await draft(session, entity, action, dict(params))
    async with turn(workspace, found.steps, patience()) as held:
        if workspace.audit.size() != seen:
            found = await draft(session, entity, action, dict(params))
            if not {name_of(step) for step in found.steps} <= held:
                raise StalePlan("whose object this is has changed while the call waited", fix="call again")
        if not found.steps:
            return _nothing_to_do(session, found, None)
        warn_of_twins(workspace, found.steps)
        steps = in_order(found.steps)
        check_caps(workspace.settings.caps, steps, workspace.audit)
        error, why = await _send_all(workspace, steps)
    if error and not any(step.state == "done" for step in steps):
        raise _with_check(error, steps)
    return _done(session, found, steps, why or "an earlier one was not done")


async def _send_all(workspace: Workspace, steps: Sequence[Step]) -> tuple[AdsError | None, str]:
    """Send steps until one is not done: its error, or why no more was sent."""
    for step in steps:
        if why := _too_late(workspace) if step is not steps[0] else "":
            return None, why
        try:
            error = await undisturbed(perform(workspace, step, workspace.who()))
        except NoRecord as unwritten:
            step.state = "ready"
            return (unwritten, "") if step is steps[0] else (None, str(unwritten))
        if error:
            return error, ""
    return None, ""


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
        note_lost(workspace, plan, workspace.who())
        workspace.plans.finish(plan, outcome(plan.steps))
        return await told(workspace, plan)
    try:
        plan = await carry_out(workspace, plan, workspace.who(), report)
    except Drifted as drift:
        return await _planned_anew(workspace, plan, drift)
    except AdsError as error:
        if untouched:
            workspace.plans.release(plan)
            error.fix = "; ".join(filter(None, [error.fix, "the plan stays open"]))
        raise
    return await told(workspace, plan)


async def _planned_anew(workspace: Workspace, plan: Plan, drift: Drifted) -> Result:
    """The same intention against what is there now, as a new plan; the old one is over."""
    lines, session = _not_applied(plan, drift), workspace.session(plan.steps[0].connector)
    try:
        found = await _drafted_anew(workspace, plan)
        check_caps(workspace.settings.caps, found.steps, workspace.audit)
    except (CallError, PolicyError) as error:
        _close(workspace, plan)
        raise StalePlan("\n".join(dict.fromkeys([*lines, *error.lines])), fix=error.fix) from None
    if not found.steps:
        _close(workspace, plan)
        text = "\n".join([*lead(session), *lines, says.nothing_said(found.excluded)])
        return Result({"drift": drift.lines, "steps": []}, noted(session), text=text)
    fresh = _in_place_of(workspace, plan, found)
    record = says.plan_record(fresh, says.MOST_STEPS) | {"drift": drift.lines}
    text = "\n".join([*lead(session), *lines, "A fresh plan:", says.plan_text(fresh)])
    return Result(record, noted(session), text=text)


def _in_place_of(workspace: Workspace, plan: Plan, found: Draft) -> Plan:
    """A new plan of what is left of one; never are both open."""
    fresh = Plan(plan_id(found.steps), found.steps, plan.owner, found.excluded)
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
    head = "NOT APPLIED: the account has changed since this plan was made. Nothing was sent now."
    return [f"{head}{done}", *drift.lines]


def _close(workspace: Workspace, plan: Plan) -> None:
    if plan.done:
        workspace.plans.finish(plan, "partial")
    else:
        workspace.plans.void(plan)


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
