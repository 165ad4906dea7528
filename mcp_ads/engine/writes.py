"""Writes under the write mode: planned, carried out at once, or refused; and plans applied."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ..core import Result
from ..errors import AdsError, InvalidParams, PolicyError, StalePlan
from . import says
from .applying import Drifted, Report, carry_out, outcome, perform, refuse_unless_open, verdict
from .execute import noted
from .naming import plan_id
from .planning import Draft, draft
from .plans import FINISHED, Plan
from .policy import check_caps, check_mode
from .shape import as_row
from .steps import Step
from .undo import inverse

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace


async def write(
    workspace: Workspace, session: Session, entity: str, action: str, params: dict[str, Any]
) -> Result:
    """Plan a write, or carry it out at once in direct mode. Raises AdsError; then nothing was sent."""
    check_mode(workspace.settings)
    session.check_configured()
    append_to = params.pop("append_to", None)
    workspace.audit.check()
    if workspace.settings.writes == "direct":
        if append_to:
            raise InvalidParams("append_to: there are no plans where writes go out directly")
        return await direct(workspace, session, await draft(session, entity, action, params))
    base = _open_plan(workspace, str(append_to)) if append_to else None
    found = await draft(session, entity, action, params, base.steps if base else [])
    return _planned(workspace, session, found, base)


def _planned(workspace: Workspace, session: Session, found: Draft, base: Plan | None) -> Result:
    steps = [*(base.steps if base else []), *found.steps]
    if not found.steps:
        return _nothing_to_do(session, found)
    check_caps(workspace.settings.caps, steps, workspace.audit)
    excluded = [*(base.excluded if base else []), *found.excluded]
    plan = keep(workspace, steps, excluded)
    if base:
        workspace.plans.void(base)
    return planned(session, plan)


def planned(session: Session, plan: Plan) -> Result:
    """A plan as an answer."""
    meta = noted(session)
    lead = [f"SANDBOX: {meta['SANDBOX']}"] if "SANDBOX" in meta else []
    return Result(says.plan_record(plan), meta, text="\n".join([*lead, says.plan_text(plan)]))


def keep(workspace: Workspace, steps: list[Step], excluded: list[dict[str, Any]]) -> Plan:
    plan = Plan(plan_id(steps), steps, workspace.who().id, excluded)
    workspace.plans.add(plan)
    return plan


def _nothing_to_do(session: Session, found: Draft) -> Result:
    reasons = "; ".join(f"{each['id']}: {each['why']}" for each in found.excluded[:10])
    return Result({"steps": [], "excluded": found.excluded}, noted(session), text=f"Nothing to change: {reasons}")


def _open_plan(workspace: Workspace, plan_id: str) -> Plan:
    plan = workspace.plans.get(plan_id)
    _check_owner(workspace, plan)
    refuse_unless_open(plan, time.time())
    if plan.state != "ready":
        raise StalePlan(f"append_to: this plan is {plan.state} already; make a new one")
    return plan


def _check_owner(workspace: Workspace, plan: Plan) -> None:
    if plan.owner != workspace.who().id:
        raise PolicyError("the plan was made by someone else", fix=f"{plan.owner} applies it")


async def direct(workspace: Workspace, session: Session, found: Draft) -> Result:
    """Carry steps out at once, each at most once. A single one that fails is raised; of many, errors are listed."""
    check_caps(workspace.settings.caps, found.steps, workspace.audit)
    errors: list[tuple[int, AdsError]] = []
    for index, step in enumerate(found.steps):
        if (error := await perform(workspace, step, workspace.who())) is None:
            continue
        if error.sent == "unknown":
            error.fix = f"look before doing it again: {step.error['check']}" if step.error else ""
        errors.append((index, error))
        if error.sent == "unknown":
            break
    if errors and not any(step.state == "done" for step in found.steps):
        raise errors[0][1]
    rows = [_row(step) for step in found.steps]
    data: Any = rows[0] if len(rows) == 1 and not found.excluded else rows
    meta = {**noted(session), "done": sum(step.state == "done" for step in found.steps), "excluded": found.excluded}
    return Result(data, {k: v for k, v in meta.items() if v != []}, [as_row(index, each) for index, each in errors])


def _row(step: Step) -> dict[str, Any]:
    return {"id": step.id or step.subject, "name": step.name, "state": step.state, "changes": "; ".join(step.says)}


async def apply(workspace: Workspace, plan_id: str, report: Report | None = None) -> Result:
    """Carry out a plan, or go on with one, or say what became of it. Raises AdsError; then nothing was sent."""
    check_mode(workspace.settings)
    plan = workspace.plans.get(plan_id)
    _check_owner(workspace, plan)
    if plan.state in FINISHED:
        return await _answer(workspace, plan, again=True)
    refuse_unless_open(plan, time.time())
    with workspace.plans.claim(plan_id) as claimed:
        fresh = all(step.state == "ready" for step in claimed.steps)
        try:
            plan = await carry_out(workspace, claimed, workspace.who(), report)
        except Drifted as drift:
            return await _planned_anew(workspace, claimed, drift, fresh=fresh)
        except AdsError:
            if fresh:
                workspace.plans.release(claimed)
            raise
    return await _answer(workspace, plan)


async def _planned_anew(workspace: Workspace, plan: Plan, drift: Drifted, *, fresh: bool) -> Result:
    """The same intention against what is there now, as a new plan; the old one is void."""
    workspace.plans.finish(plan, "partial" if not fresh else "applied")
    lines = ["NOT APPLIED: the account has changed since this plan was made. Nothing was sent now.", *drift.lines]
    found = Draft()
    for step in (each for each in plan.steps if each.state == "ready"):
        part = await draft(workspace.session(step.connector), step.entity, step.action, step.asked, found.steps)
        found.steps += part.steps
        found.excluded += part.excluded
    session = workspace.session(plan.steps[0].connector)
    if not found.steps:
        return Result({"drift": drift.lines}, noted(session), text="\n".join([*lines, "There is nothing left to change."]))
    check_caps(workspace.settings.caps, found.steps, workspace.audit)
    result = planned(session, keep(workspace, found.steps, found.excluded))
    result.data["drift"] = drift.lines
    result.text = "\n".join([*lines, "A fresh plan:", result.text])
    return result


async def _answer(workspace: Workspace, plan: Plan, *, again: bool = False) -> Result:
    lines = says.outcome_lines(plan)
    if again:
        lines.insert(0, "This plan was carried out before; nothing was sent now.")
    for index, step in enumerate(plan.steps):
        if step.state in ("unknown", "sending") and (found := await verdict(workspace, step)):
            lines.append(f"{index + 1}. {found}")
    if not again and plan.state != "applying":
        lines += await _undo(workspace, plan)
    elif plan.undo:
        lines.append(f"undo: {plan.undo}")
    session = workspace.session(plan.steps[0].connector)
    record = says.plan_record(plan)
    errors = [{**step.error, "index": i} for i, step in enumerate(plan.steps) if step.error]
    note = noted(session)
    lead = [f"SANDBOX: {note['SANDBOX']}"] if "SANDBOX" in note else []
    return Result(record, note, errors, text="\n".join([*lead, *lines]))


async def _undo(workspace: Workspace, plan: Plan) -> list[str]:
    """Read back what was done, by planning its opposite."""
    found, reasons = await inverse(workspace, plan)
    lines = [f"read back: {step.noun} {step.target}: {_state_of(step)}" for step in reversed(found.steps)]
    if found.steps:
        undo = keep(workspace, found.steps, [])
        plan.undo = undo.plan_id
        workspace.plans.finish(plan, outcome(plan.steps))
        lines.append(f"undo: ads_apply({undo.plan_id})")
    return [*lines, *(f"no undo for {each}" for each in reasons)]


def _state_of(step: Step) -> str:
    if step.action in ("delete", "archive"):
        return "it is there"
    return "; ".join(each.partition(" → ")[0] for each in step.says)
