"""Whether what a plan's file has is a plan: of this version, whole, and of the kinds its parts have."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_args

from pydantic import TypeAdapter

from mcp_ads.engine.changes.sent import Sent
from mcp_ads.engine.changes.steps import REQUEST, State, Step

if TYPE_CHECKING:
    from mcp_ads.engine.changes.plan import Plan

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading a file of another shape raises."""
_ADAPTERS: dict[type[Plan], TypeAdapter[Plan]] = {}
FORMER_NAMES = {"says": "lines", "unread": "spend_unknown"}
"""What fields of a step were called in plans that may still be open."""
LOST = "the process ended while this was being sent"
PARTS = ("sending", "done", "refused")


def read_plan(text: bytes, kind: type[Plan]) -> Plan:
    """The plan. Raises one of UNREADABLE for anything else."""
    kept = json.loads(text)
    kept.pop("expires", None)
    for step in kept["steps"]:
        if "request" in step:  # what plans had before a write could be several requests
            step["requests"] = [step.pop("request")]
        if "decided" in step:  # and what decided was one text
            step["decided_by"] = [text] if (text := step.pop("decided")) else []
        for before, now in FORMER_NAMES.items():
            if before in step:
                step[now] = step.pop(before)
    if unknown := kept.keys() - {field.name for field in fields(kind)}:
        raise ValueError(f"unknown: {unknown}")
    plan = _adapter(kind).validate_python(kept)
    if not plan.steps or not math.isfinite(plan.created):
        raise ValueError("no steps, or no time")
    for step in plan.steps:
        _check(step)
    return plan


def written(plan: Plan) -> str:
    """The plan as it is kept, in characters that can be written down."""
    text = json.dumps(plan.to_json(), ensure_ascii=False, default=_plain)
    return text.encode(errors="replace").decode()


def _plain(value: Any) -> Any:
    """A step or a budget as its fields; what JSON has no form for as text."""
    return vars(value) if is_dataclass(value) else str(value)


def _adapter(kind: type[Plan]) -> TypeAdapter[Plan]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _check(step: Step) -> None:
    """Raise for a step whose account, amounts or request cannot be used."""
    if step.owner is None and step.account is not None:
        raise ValueError("no account")
    if not step.requests or not all(
        isinstance(request[name], str) for request in step.requests for name in REQUEST
    ):
        raise ValueError("no request")
    if not all(len(name) and type(size) is int for name, size in step.files.items()):
        raise ValueError("no file")
    if not all(budget.rise.is_finite() for budget in step.budgets):
        raise ValueError("no amount")


def settle_lost(plan: Plan) -> list[int]:
    """The steps that were being sent when their process died, by index: unknown from now on.

    They may have been done, and are never sent again. One that was between two of its requests, or at one
    that does nothing twice, goes on there.
    """
    sending = [index for index, step in enumerate(plan.steps) if step.state == "sending"]
    for index in [at for at in sending if plan.steps[at].resumable]:
        plan.steps[index].state, plan.steps[index].error = "ready", None
        sending.remove(index)
    for index in sending:
        step = plan.steps[index]
        step.state = "unknown"
        step.error = step.error or {"code": "OutcomeUnknown", "message": LOST, "sent": "unknown"}
    return sending


def replay(steps: list[Step], lines: list[bytes]) -> bool:
    """Give the steps the states their journal has; whether every line of it could be read."""
    whole = True
    for text in lines:
        try:
            _play(steps, json.loads(text))
        except UNREADABLE:
            whole = False
    return whole


def _play(steps: list[Step], line: Mapping[str, Any]) -> None:
    number = line["step"]
    if type(number) is not int or number < 0:
        raise ValueError("no step")
    step = steps[number]
    if "part" in line:
        _play_part(step, line)
    else:
        _play_step(step, line)


def _play_step(step: Step, line: Mapping[str, Any]) -> None:
    state, made, error = (line[name] for name in ("state", "id", "error"))
    if state not in get_args(State):
        raise ValueError("no state")
    if not isinstance(made, str) or not isinstance(error, dict | None):
        raise TypeError("no outcome")
    step.state, step.id, step.error, step.proven = state, made, error, line.get("proven") is True
    step.left = left if isinstance(left := line.get("left"), dict) else {}


def _play_part(step: Step, line: Mapping[str, Any]) -> None:
    """A part that is about to be sent, was done, or was refused and counts as never sent."""
    part, state, kept = (line[name] for name in ("part", "state", "kept"))
    if type(part) is not int or not 1 <= part <= len(step.requests) or state not in PARTS:
        raise ValueError("no part")
    if not isinstance(kept, dict):
        raise TypeError("no answer")
    if step.sent and step.sent[-1].state == "sending":
        step.sent.pop()
    if state != "refused":
        step.sent.append(Sent(part, state, kept))
