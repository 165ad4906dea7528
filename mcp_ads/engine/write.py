"""Writes under the write mode: planned, carried out at once, or refused; and plans applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.engine.answers.cut_out import check_whole
from mcp_ads.engine.answers.facts import stated
from mcp_ads.engine.applying.batch import groups_of, perform_together
from mcp_ads.engine.applying.carry_out import out_of_time, patience
from mcp_ads.engine.applying.send import perform
from mcp_ads.engine.applying.turns import name_of, turn
from mcp_ads.engine.changes.plan import APPEND_TO, Plan
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.waits import settle_waits
from mcp_ads.engine.planning.draft import in_order, plan_steps
from mcp_ads.engine.planning.left_out import Drafted
from mcp_ads.engine.planning.policy import check_caps, check_mode
from mcp_ads.engine.selecting.select import Selected, selected, with_selection
from mcp_ads.engine.wire.deadline import deadline
from mcp_ads.errors import AdsError, InvalidParams, NoRecord, StalePlan
from mcp_ads.undisturbed import undisturbed

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

    from .workspace import Workspace
from mcp_ads.engine.answers.plan_result import nothing_to_do, planned
from mcp_ads.engine.applying.apply import apply, expired

from .twins import warn_of_repeats
from .workspace import plan_of

EARLIER = "an earlier one was not done; when that is settled, ask for these alone"


async def write(
    workspace: Workspace, session: Session, entity: str, action: str, params: dict[str, Any]
) -> Result:
    """Plan a write, or carry it out at once in direct mode. Raises AdsError; then nothing was sent."""
    check_mode(workspace.settings, sends=workspace.settings.writes == "direct")
    workspace.check_configured(session)
    workspace.audit.check()
    append_to = next(filter(None, (params.pop(name, None) for name in APPEND_TO)), None)
    with deadline():
        if workspace.settings.writes != "direct":
            base = open_plan(workspace, str(append_to)) if append_to else None
            found, drafted = await draft(session, entity, action, params, base.steps if base else [])
            if found.instead:
                return found.instead
            return await planned_together(workspace, [session], drafted, base, found.lines)
        if append_to:
            raise InvalidParams("append_to: there are no plans where writes go out directly")
        check_whole(params)
        found = await selected(session, entity, action, params)
        return found.instead or await direct(workspace, session, entity, action, found)


async def draft(
    session: Session, entity: str, action: str, params: dict[str, Any], earlier: list[Step]
) -> tuple[Selected, Drafted]:
    """The steps of a write after earlier ones, and how its objects were found. Raises AdsError."""
    check_whole(params)
    found = await selected(session, entity, action, params)
    if found.instead:
        return found, Drafted()
    drafted = await plan_steps(session, entity, action, found.params, earlier, found.names)
    found.note(drafted.steps)
    return found, drafted


async def planned_together(
    workspace: Workspace,
    sessions: Sequence[Session],
    found: Drafted,
    base: Plan | None,
    selection: Sequence[str],
) -> Result:
    """Keep drafted steps as a plan, in the place of an open one, and answer with it. Raises AdsError.

    `sessions` are those they were drafted with; the answer states whose data the first has.
    """
    session = sessions[0]
    for drafting in sessions:
        drafting.announce()
    await warn_of_repeats(workspace, found.steps, base.steps if base else ())
    if not found.steps:
        return with_selection(nothing_to_do(session, found.excluded, base), selection)
    steps = in_order([*(base.steps if base else []), *found.steps])
    settle_waits(steps)
    check_caps(workspace.settings.caps, steps, workspace.audit)
    excluded = [*(base.excluded if base else []), *found.excluded]
    new = {*map(id, found.steps)} if base else set()
    added = [index for index, step in enumerate(steps) if id(step) in new]
    plan = workspace.plans.keep(steps, workspace.who().id, excluded, base, selection)
    return planned(session, plan, added, base)


def open_plan(workspace: Workspace, plan_id: str) -> Plan:
    """The plan that steps are added to. Raises UnknownPlan, StalePlan, PolicyError."""
    plan = plan_of(workspace, plan_id)
    if plan.state != "ready":
        raise StalePlan(f"append_to: this plan is {plan.state} already; make a new one")
    if plan.expired:
        raise expired()
    return plan


async def direct(
    workspace: Workspace, session: Session, entity: str, action: str, chosen: Selected
) -> Result:
    """Carry a write out at once, each step at most once, until one fails. A single one that fails is raised.

    Nobody else changes the account from the check of the caps to the last answer. What was drafted while
    somebody did is drafted again. What may take several calls is kept as a plan that goes on.
    """
    seen, params = workspace.audit.size(), chosen.params
    drafted = await plan_steps(session, entity, action, dict(params), chosen=chosen.names)
    if any(step.files or len(step.requests) > 1 for step in drafted.steps):
        chosen.note(drafted.steps)
        return await _at_once(workspace, drafted, chosen.lines)
    async with turn(workspace, drafted.steps, patience()) as held:
        if workspace.audit.size() != seen:
            drafted = await plan_steps(session, entity, action, dict(params), chosen=chosen.names)
            if not {name_of(step) for step in drafted.steps} <= held:
                raise StalePlan("whose object this is has changed while the call waited", fix="call again")
        if not drafted.steps:
            return with_selection(nothing_to_do(session, drafted.excluded, None), chosen.lines)
        chosen.note(drafted.steps)
        await warn_of_repeats(workspace, drafted.steps)
        steps = in_order(drafted.steps)
        check_caps(workspace.settings.caps, steps, workspace.audit)
        error, why = await _send_all(workspace, steps)
    if error and not any(step.state == "done" for step in steps):
        raise _with_check(error, steps)
    done = _done(session, drafted, steps, why or EARLIER)
    return with_selection(done, chosen.lines)


async def _at_once(workspace: Workspace, found: Drafted, selection: Sequence[str]) -> Result:
    """Carry out steps of several requests, or with files, as a plan: it outlives a call that is too short."""
    await warn_of_repeats(workspace, found.steps)
    steps = in_order(found.steps)
    check_caps(workspace.settings.caps, steps, workspace.audit)
    plan = workspace.plans.keep(steps, workspace.who().id, found.excluded, None, selection)
    return await apply(workspace, plan.plan_id)


async def _send_all(workspace: Workspace, steps: Sequence[Step]) -> tuple[AdsError | None, str]:
    """Send steps until something is not done: its error, or why no more was sent."""
    begun = False
    for group in groups_of(workspace, steps):
        failed = list[AdsError]()
        for batch in group.batches(steps):
            if why := _too_late(workspace) if begun else "":
                return None, why
            some = [steps[index] for index in batch]
            try:
                errors = await undisturbed(_perform(workspace, some, steps))
            except NoRecord as unwritten:
                for step in some:
                    step.state = "ready"
                return (None, str(unwritten)) if begun else (unwritten, "")
            begun = True
            failed += [error for error in errors if error]
            if failed and not (group.goes_on(steps) and any(error is None for error in errors)):
                return failed[0], ""
        if failed:
            return failed[0], ""
    return None, ""


async def _perform(
    workspace: Workspace, steps: Sequence[Step], among: Sequence[Step]
) -> Sequence[AdsError | None]:
    if len(steps) == 1:
        return [await perform(workspace, steps[0], workspace.who(), among=among)]
    return await perform_together(workspace, steps, workspace.who(), among=among)


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
    """The error with the advice to look first, where a step says how its outcome is checked."""
    check = next((step.error["check"] for step in steps if step.error and "check" in step.error), "")
    if check:
        error.fix = f"look before doing it again: {check}"
    return error


def _done(session: Session, found: Drafted, steps: Sequence[Step], why: str) -> Result:
    rows = [
        {"id": step.object_id, "name": step.name, "state": step.state, "changes": "; ".join(step.lines)}
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
    meta = {**stated(session), "done": sum(step.state == "done" for step in steps)}
    said = [warning for step in steps for warning in step.warnings]
    warnings = list(dict.fromkeys([*said, *meta.get("warnings", [])]))
    meta |= {
        name: entries for name, entries in (("excluded", found.excluded), ("warnings", warnings)) if entries
    }
    return Result(rows[0] if len(rows) == 1 and not found.excluded else rows, meta, errors)
