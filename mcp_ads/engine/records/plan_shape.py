"""Whether what a plan's file has is a plan: of this version, whole, and of the kinds its parts have."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

from pydantic import TypeAdapter

from mcp_ads.engine.changes.steps import State, Step

if TYPE_CHECKING:
    from mcp_ads.engine.changes.plan import Plan

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading a file of another shape raises."""
_ADAPTERS: dict[type[Plan], TypeAdapter[Plan]] = {}
REQUEST = ("method", "url", "body")


def read_plan(text: bytes, kind: type[Plan]) -> Plan:
    """The plan. Raises one of UNREADABLE for anything else."""
    kept = json.loads(text)
    kept.pop("expires", None)
    if unknown := kept.keys() - {each.name for each in fields(kind)}:
        raise ValueError(f"unknown: {unknown}")
    plan = _adapter(kind).validate_python(kept)
    if not plan.steps or not math.isfinite(plan.created):
        raise ValueError("no steps, or no time")
    for step in plan.steps:
        _check(step)
    return plan


def _adapter(kind: type[Plan]) -> TypeAdapter[Plan]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _check(step: Step) -> None:
    """Raise for a step whose account, amounts or request cannot be used."""
    if step.owner is None and step.account is not None:
        raise ValueError("no account")
    if not all(isinstance(step.request[name], str) for name in REQUEST):
        raise ValueError("no request")
    if not all(each.rise.is_finite() for each in step.budgets):
        raise ValueError("no amount")


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
    number, state, made, error = (line[name] for name in ("step", "state", "id", "error"))
    if type(number) is not int or number < 0 or state not in get_args(State):
        raise ValueError("no step")
    if not isinstance(made, str) or not isinstance(error, dict | None):
        raise TypeError("no outcome")
    step = steps[number]
    step.state, step.id, step.error = state, made, error
