"""The plan that takes another one back, where there is one, and what the platform shows after a change."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Spend, Write
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.money import plain
from mcp_ads.core.write import NONE
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.planning.asked import Asked
from mcp_ads.engine.planning.draft import UNCHECKED, make_step, pointless
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, CallError, PolicyError, Rejected

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

REMOVALS = ("delete", "archive")
NO_WAY_BACK = "there is no call that takes this back: {}"
NOT_OURS = "it does not read as it was made; look at it before removing it"
UNSET = (None, "", "0", 0)


@dataclass
class Inverse:
    """Steps that undo what was done, last first, and why some of it cannot be undone."""

    steps: list[Step] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class NotNow(Exception):
    """The undo cannot be made whole at this moment, because the platform did not answer in time."""


async def inverse(workspace: Workspace, plan: Plan, otherwise: Container[int] = ()) -> Inverse:
    """What takes back the steps that were done: whole, or NotNow is raised.

    `otherwise` are those, by index, of which reading shows something else: what is not as it was made here
    may be somebody else's, and is not removed.
    The steps are drafted together. The platform is not asked to validate them: they set what was there.
    """
    found, done = Inverse(), list[Step]()
    for index, step in reversed(list(enumerate(plan.steps))):
        if step.state == "done" and step.makes and index in otherwise:
            found.reasons.append(f"{step.action} {step.target}: {NOT_OURS}")
        elif step.state == "done":
            done.append(step)
    with gathered():
        backs = await asyncio.gather(*(_back(workspace, step) for step in done))
    for step, (back, reasons) in zip(done, backs, strict=True):
        found.steps += back
        found.reasons += [f"{step.action} {step.target}: {each}" for each in reasons]
    return found


async def _back(workspace: Workspace, step: Step) -> tuple[list[Step], list[str]]:
    """The step that takes one back, if there is one, and what of it stays done. Raises NotNow."""
    action, params, reasons = opposite(workspace, step)
    if not action:
        return [], reasons
    session = workspace.session(step.connector)
    kind = session.connector.action(step.entity, action)
    assert issubclass(kind, Write)
    try:
        back, obstacle = await make_step(Asked(session, step.entity, action, kind, params, []))
    except (CallError, PolicyError, Rejected) as error:
        return [], [*reasons, error.lines[0]]
    except AdsError as error:
        raise NotNow(error.lines[0]) from None
    if why := obstacle or pointless(back):
        return [], [*reasons, why]
    if not set(back.changes) <= set(back.switches):
        back.warnings.append(UNCHECKED)
    return [back], reasons


def opposite(workspace: Workspace, step: Step) -> tuple[str, dict[str, Any], list[str]]:
    """The action and parameters that undo a step ("" when there are none), and what of it stays done."""
    if step.irreversible:
        return "", {}, [step.irreversible]
    actions = workspace.session(step.connector).connector.entity(step.entity).actions
    kind = actions[step.action]
    if step.makes:
        return _removal(actions, step)
    if not step.shows:
        return _taken_back(actions, step)
    status = str(next((step.before[name] for name in step.switches if name in step.before), ""))
    name = kind.states.switches.get(status, "") if issubclass(kind, Write) else ""
    if name in actions and set(step.changes) <= set(step.switches):
        return name, _names(actions[name], step), []
    if "update" not in actions:
        return "", {}, ["there is no update to take it back with"]
    action, params, reasons = _update(actions["update"], step)
    return (
        action,
        params,
        [*reasons, *([NO_WAY_BACK.format(step.effect.partition(":")[0])] if step.effect else [])],
    )


def _taken_back(actions: Mapping[str, type[Action]], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    """The action that takes back what no field shows, with the same parameters, where the write names one."""
    kind = actions[step.action]
    back = kind.undone_by if issubclass(kind, Write) else ""
    if back in actions:
        return back, {name: step.params[name] for name in actions[back].model_fields.keys() & step.params}, []
    return "", {}, [NO_WAY_BACK.format(step.effect.partition(":")[0] or "what it does")]


def _removal(actions: Mapping[str, type[Action]], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    for name in REMOVALS:
        if name in actions:
            return name, _names(actions[name], step), []
    return "", {}, ["what was created cannot be removed here"]


def _update(kind: type[Action], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    """The same fields with the values they had."""
    assert issubclass(kind, Write)
    by_wire = {field.alias or name: name for name, field in kind.model_fields.items()}
    params, reasons = dict[str, Any](), list[str]()
    for wire in step.changes:
        before = step.before.get(wire)
        if before in UNSET and wire in kind.cleared and wire in by_wire:
            params[by_wire[wire]] = NONE
        elif before in UNSET:
            reasons.append(f"{wire} was not set before, and cannot be unset here")
        elif wire not in by_wire:
            reasons.append(f"{wire} cannot be set back")
        else:
            value = _spelt(kind, by_wire[wire], before, step)
            parts = dict.fromkeys(step.changes[wire], NONE) if wire in kind.merges else None
            params[by_wire[wire]] = {**parts, **value} if parts else value
    return ("update" if params else ""), {**_names(kind, step), **params}, reasons


def _spelt(kind: type[Write], name: str, before: Any, step: Step) -> Any:
    """The value as a parameter; money exactly, with its currency."""
    spend: Spend | None = money_of(kind).get(name)
    currency = step.account["currency"] if step.account else ""
    if spend is None or not currency:
        return before
    record: Any = before
    for part in live_path(kind, name).split(".")[1:]:
        record = record.get(part) if isinstance(record, dict) else record
    amount = spend.major(record, currency)
    return before if amount is None else f"{plain(amount, currency)} {currency}"


def _names(kind: type[Action], step: Step) -> dict[str, Any]:
    """The parameters that say which object is meant."""
    required = (name for name, field in kind.model_fields.items() if field.is_required())
    return {name: step.params[name] for name in required if name in step.params} | {
        kind.subject: step.object_id
    }
