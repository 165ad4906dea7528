"""What a plan that was carried out answers: what was done, a read-back, and the plan that undoes it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.errors import AdsError, NotFound, UnknownPlan

from . import live as objects
from . import says
from .checking import check_call, verdict
from .execute import lead, noted
from .planning import call_of
from .plans import Plan
from .policy import check_caps
from .references import refs_in
from .says import MOST_STEPS
from .steps import Step
from .undo import inverse
from .wording import now_said

if TYPE_CHECKING:
    from .workspace import Workspace

AT_ONCE = 8


async def told(workspace: Workspace, plan: Plan, *, again: bool = False) -> Result:
    """The answer to ads_apply."""
    _say_how_to_check(workspace, plan)
    lines = says.outcome_lines(plan, await _seen(workspace, plan))
    if again:
        lines.insert(0, "This plan was carried out before; nothing was sent now.")
    if plan.state != "applying":
        lines += await _undo(workspace, plan)
    session = workspace.session(plan.steps[0].connector)
    errors = [{**step.error, "index": index} for index, step in enumerate(plan.steps) if step.error]
    text = "\n".join([*lead(session), *lines])
    return Result(says.plan_record(plan, MOST_STEPS), noted(session), errors, text=text)


def _say_how_to_check(workspace: Workspace, plan: Plan) -> None:
    """A step lost with its process does not know yet how to look for it."""
    for step in plan.steps:
        if step.state == "unknown" and step.error is not None and "check" not in step.error:
            with contextlib.suppress(AdsError):
                step.error["check"] = check_call(workspace.session(step.connector), step)


async def _seen(workspace: Workspace, plan: Plan) -> dict[int, str]:
    """What reading shows of the steps that were done or may have been, by index."""
    wanted = [index for index, step in enumerate(plan.steps) if step.state in ("done", "unknown")][
        -MOST_STEPS:
    ]
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(index: int) -> str:
        async with gate:
            step = plan.steps[index]
            if step.state == "unknown":
                return await verdict(workspace, step)
            return await _read_back(workspace, step, _expected(plan, index))

    found = await asyncio.gather(*map(look, wanted))
    return {index: line for index, line in zip(wanted, found, strict=True) if line}


def _expected(plan: Plan, index: int) -> dict[str, Any]:
    """The plain values a step set, where no later step set them again."""
    step = plan.steps[index]
    later = {
        name
        for each in plan.steps[index + 1 :]
        if (each.connector, each.object_id) == (step.connector, step.object_id)
        for name in each.changes
    }
    return {
        name: value
        for name, value in step.changes.items()
        if name not in later and isinstance(value, str | int | float) and not refs_in(value)
    }


async def _read_back(workspace: Workspace, step: Step, expected: Mapping[str, Any]) -> str:
    """The changed fields as the platform has them now; of something new, its state and money."""
    session = workspace.session(step.connector)
    try:
        fields = list(step.changes)
        record = await objects.fetch(session, step.entity, step.object_id, step.owner, fields, step.params)
    except NotFound:
        return "read back: it is not there any more" if step.irreversible else "read back: it is NOT THERE"
    except AdsError as error:
        return f"read back: not possible now ({error.lines[0]})"
    differs = any(
        name in record and not objects.same(record[name], value) for name, value in expected.items()
    )
    shown = list(now_said(call_of(session, step), record, step.account))
    return f"read back: {'DIFFERS: ' if differs else ''}{'; '.join(shown) or 'it is there'}"


async def _undo(workspace: Workspace, plan: Plan) -> list[str]:
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
    found = await inverse(workspace, plan)
    lines = [f"no undo for {each}" for each in found.reasons]
    if not found.steps:
        return lines
    try:
        check_caps(workspace.settings.caps, found.steps, workspace.audit)
        undo = workspace.plans.keep(found.steps, plan.owner, [])
        plan.undo = undo.plan_id
        workspace.plans.finish(plan, plan.state)
    except AdsError as error:
        return [*lines, f"no undo: {error.lines[0]}"]
    return [f"undo: ads_apply({undo.plan_id})", *lines]


def _open(workspace: Workspace, plan_id: str) -> bool:
    """Whether the undo made before can still be applied. Raises UnknownPlan when there is none."""
    plan = workspace.plans.get(plan_id) if plan_id else None
    if plan is None or (plan.state == "ready" and plan.expired):
        raise UnknownPlan("none")
    return plan.state == "ready"
