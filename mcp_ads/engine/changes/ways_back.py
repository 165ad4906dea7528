"""The call that takes a step back, where there is one, and what of the step no call takes back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Action, Spend, Write
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.marks import is_found
from mcp_ads.core.money import plain
from mcp_ads.core.states import States
from mcp_ads.core.write import NONE

from .steps import Step

NO_WAY_BACK = "there is no call that takes this back: {}"
UNSET = (None, "", "0", 0)


def opposite(actions: Mapping[str, type[Action]], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    """The action and parameters that undo a step ("" when there are none), and what of it stays done."""
    if step.irreversible:
        return "", {}, [step.irreversible]
    kind = actions[step.action]
    if step.makes:
        return _removal(actions, step)
    if not step.shows or (step.erases and issubclass(kind, Write) and kind.undone_by):
        return _taken_back(actions, step)
    states = kind.states if issubclass(kind, Write) else States()
    was = str(next((step.before[name] for name in step.switches if name in step.before), ""))
    status = states.instead.get(was, was)
    name = states.switches.get(status, "")
    stays = [NO_WAY_BACK.format(step.effect.partition(":")[0])] if step.effect else []
    others = [wire for wire in step.changes if wire not in step.switches]
    if status != was and name in actions and not step.refs and len(others) < len(step.changes):
        left = f", and leaves {', '.join(others)} as it is then" if others else ""
        stays.append(f"it will not be {was} again: the undo makes it {status}{left}")
        return name, _names(actions[name], step), stays
    if name in actions and not others:
        return name, _names(actions[name], step), stays
    if "update" not in actions:
        return "", {}, ["there is no update to take it back with"]
    action, params, reasons = _update(actions["update"], step)
    return action, params, [*reasons, *stays]


def staying(actions: Mapping[str, type[Action]], step: Step) -> list[str]:
    """What of a step no undo will take back, as far as that is known before; nothing of a final one."""
    return [] if step.irreversible else opposite(actions, step)[2]


def _taken_back(actions: Mapping[str, type[Action]], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    """The action that takes back what no field shows, with the same parameters, where the write names one.

    What was erased is made again of what it was.
    """
    kind = actions[step.action]
    assert issubclass(kind, Write)
    if (back := kind.undone_by) in actions:
        fields = actions[back].model_fields
        given = {name for name, field in fields.items() if not is_found(field)}
        names = given & step.params.keys() - {*kind.once}
        which = {kind.subject: step.object_id} if kind.subject else {}
        wires = {name: field.alias or name for name, field in fields.items()} if step.erases else {}
        was = {name: step.before[wire] for name, wire in wires.items() if wire in step.before}
        return back, was | {name: step.params[name] for name in names} | which, []
    return "", {}, [NO_WAY_BACK.format(step.effect.partition(":")[0] or "what it does")]


def _removal(actions: Mapping[str, type[Action]], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    kind = actions[step.action]
    if issubclass(kind, Write) and kind.shares:
        return "", {}, [f"the {step.noun} may have been there before, so that it is not removed"]
    assert issubclass(kind, Write)
    for name in kind.removed_by(step.changes):
        if name in actions:
            return name, {**_names(actions[name], step), **kind.put_away}, []
    return "", {}, ["what was created cannot be removed here"]


def _update(kind: type[Action], step: Step) -> tuple[str, dict[str, Any], list[str]]:
    """The update that sets every changed field back to the value it had, and why some cannot be."""
    assert issubclass(kind, Write)
    by_wire = {field.alias or name: name for name, field in kind.model_fields.items()}
    params, reasons = dict[str, Any](), list[str]()
    for wire in step.changes:
        before = step.before.get(wire)
        unset = before in UNSET and before is not False
        if several := kind.set_back(wire, before, step.params):
            params |= several
        elif unset and wire in kind.cleared and wire in by_wire:
            params[by_wire[wire]] = NONE
        elif unset and wire in kind.cleared_by:
            params.setdefault(kind.cleared_by[wire], []).append(wire)
        elif unset:
            reasons.append(f"{wire} was not set before, and cannot be unset here")
        elif wire not in by_wire:
            reasons.append(f"{wire} cannot be set back")
        else:
            value = _spelt(kind, by_wire[wire], before, step)
            if value != before and value == step.changes[wire]:
                reasons.append(f"{wire} was {before}, and stays {value}")
                continue
            parts = dict.fromkeys(step.changes[wire], NONE) if wire in kind.merges else None
            params[by_wire[wire]] = {**parts, **value} if parts else value
    return ("update" if params else ""), {**_names(kind, step), **params}, reasons


def _spelt(kind: type[Write], name: str, before: Any, step: Step) -> Any:
    """The value as a parameter; money exactly, with its currency."""
    spend: Spend | None = money_of(kind).get(name)
    currency = step.account["currency"] if step.account else ""
    if spend is None or not currency:
        return kind.put_back(name, before, currency)
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
