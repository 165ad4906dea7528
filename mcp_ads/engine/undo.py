"""The plan that takes another one back, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core import Action, Write
from ..errors import AdsError
from .planning import Draft, draft
from .plans import Plan
from .steps import Step

if TYPE_CHECKING:
    from .workspace import Workspace

SWITCHES = {"ACTIVE": "activate", "ENABLED": "activate", "PAUSED": "pause"}
REMOVALS = ("delete", "archive")


async def inverse(workspace: Workspace, plan: Plan) -> tuple[Draft, list[str]]:
    """Steps that undo what was done, last first, and why some of it cannot be undone."""
    made, reasons = Draft(), []
    for step in reversed([each for each in plan.steps if each.state == "done"]):
        found = opposite(workspace, step)
        if isinstance(found, str):
            reasons.append(f"{step.action} {step.noun} {step.target}: {found}")
            continue
        action, params = found
        try:
            part = await draft(workspace.session(step.connector), step.entity, action, params)
        except AdsError as error:
            reasons.append(f"{step.action} {step.noun} {step.target}: {error.lines[0]}")
            continue
        made.steps += part.steps
    return made, reasons


def opposite(workspace: Workspace, step: Step) -> tuple[str, dict[str, Any]] | str:
    """The action and parameters that undo a step, or why there are none."""
    if step.irreversible:
        return step.irreversible
    actions = workspace.session(step.connector).connector.entity(step.entity).actions
    if not step.subject:
        return _removal(actions, step)
    status = next((step.before[name] for name in ("status", "state", "intendedStatus") if name in step.before), None)
    switched = set(step.changes) <= {"status", "state", "intendedStatus"}
    if switched and SWITCHES.get(str(status)) in actions:
        return SWITCHES[str(status)], _names(actions[SWITCHES[str(status)]], step)
    if "update" not in actions:
        return "there is no update to take it back with"
    return _update(actions["update"], step)


def _removal(actions: dict[str, type[Action]], step: Step) -> tuple[str, dict[str, Any]] | str:
    for name in REMOVALS:
        if name in actions:
            return name, {**_names(actions[name], step), actions[name].subject: step.id}
    return "what was created cannot be removed here; it is paused or a draft"


def _update(kind: type[Action], step: Step) -> tuple[str, dict[str, Any]] | str:
    """The same fields with the values they had."""
    assert issubclass(kind, Write)
    by_wire = {field.alias or name: name for name, field in kind.model_fields.items()}
    params = _names(kind, step)
    for wire in step.changes:
        if step.before.get(wire) in (None, "", "0", 0):
            return f"{wire} was not set before, and cannot be unset here"
        if wire not in by_wire:
            return f"{wire} cannot be set back"
        params[by_wire[wire]] = step.before[wire]
    return "update", params


def _names(kind: type[Action], step: Step) -> dict[str, Any]:
    """The parameters that say which object is meant."""
    known = {name: value for name, value in step.params.items() if name in kind.model_fields}
    keep = {name: value for name, value in known.items() if name not in step.changes and name.endswith("_id")}
    return {**keep, kind.subject: step.subject or step.id} if kind.subject else keep
