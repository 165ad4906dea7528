"""Whether a plan may still be carried out, and what became of a change whose answer was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pydantic

from mcp_ads.core.view import ListView
from mcp_ads.errors import AdsError, NotFound, StalePlan

from . import live as objects
from .pages import Place, collect
from .planning import call_of, compared, request_of
from .plans import Plan
from .policy import check_caps, check_scope
from .steps import Step
from .wording import short

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

AT_ONCE = 8
LOOKED_AT = 100


class Drifted(Exception):
    """What a plan was made from is no longer so; one line per difference."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


async def check(workspace: Workspace, plan: Plan, ready: Sequence[int]) -> None:
    """What must still be so before the first of these steps is sent. Raises Drifted or AdsError."""
    workspace.audit.check()
    steps = [plan.steps[index] for index in ready]
    for step in steps:
        _check_step(workspace, step)
    check_caps(workspace.settings.caps, steps, workspace.audit)
    changed = {each.object_id for each in plan.steps if each.state == "done"}
    gate = asyncio.Semaphore(AT_ONCE)
    looked = [_drift(workspace, step, gate) for step in steps if step.subject not in changed]
    if lines := [line for found in await asyncio.gather(*looked) for line in found]:
        raise Drifted(lines)


def _check_step(workspace: Workspace, step: Step) -> None:
    """The account is still allowed, and the request derived again is the one that was agreed to."""
    session = workspace.session(step.connector)
    session.check_configured()
    if step.account:
        session.accounts.check(step.account["id"])
    check_scope(workspace.settings, step, session.accounts.allowed)
    if step.connection != session.connection:
        raise StalePlan("the plan was made for another connection (other hosts, or the sandbox)")
    if step.request != request_of(session, call_of(session, step)):
        raise StalePlan("this version would send another request than the plan says; make the plan again")


async def _drift(workspace: Workspace, step: Step, gate: asyncio.Semaphore) -> list[str]:
    """How the object differs from what the plan says it was."""
    if not step.before or step.subject.startswith("@"):
        return []
    session = workspace.session(step.connector)
    fields = compared(call_of(session, step), starts=step.delivers)
    try:
        async with gate:
            record = await objects.fetch(session, step.entity, step.subject, step.owner, fields, step.params)
    except NotFound:
        return [f"{step.target} is not there any more"]
    now = objects.watched(record, fields)
    return [
        f"{step.target}: {name} was {short(step.before.get(name))}, is {short(now.get(name))}"
        for name in dict.fromkeys([*step.before, *now])
        if not objects.same(step.before.get(name), now.get(name))
    ]


def check_call(session: Session, step: Step, since: str = "") -> str:
    """The call that shows whether a step with an unknown outcome was done."""
    name = f"{session.connector.name}_execute"
    if step.subject:
        kind = session.connector.action(step.entity, "get")
        params = {**_required(session, kind, step), kind.subject: step.subject, "fields": list(step.changes)}
        return f'{name}("{step.entity}", "get", {params}): it was done if it shows {"; ".join(step.says)}'
    after = f" made after {since}" if since else ""
    done = f"it was done if it lists {step.target}{after}"
    return f'{name}("{step.entity}", "list", {_lookup(session, step)}): {done}'


def _required(session: Session, kind: Any, step: Step) -> dict[str, Any]:
    name = session.accounts.param
    field = kind.model_fields.get(name)
    return {name: step.account["id"]} if step.account and field and field.is_required() else {}


def _lookup(session: Session, step: Step) -> dict[str, Any]:
    call, kind = call_of(session, step), session.connector.action(step.entity, "list")
    found = dict(call.lookup()) | _required(session, kind, step)
    return {name: value for name, value in found.items() if value is not None}


async def verdict(workspace: Workspace, step: Step) -> str:
    """Whether a change with an unknown outcome is in effect now, as far as reading shows."""
    session = workspace.session(step.connector)
    try:
        if step.subject:
            return await _in_effect(session, step)
        return await _listed(session, step)
    except (AdsError, pydantic.ValidationError):
        return ""


async def _in_effect(session: Session, step: Step) -> str:
    try:
        record = await objects.fetch(
            session, step.entity, step.subject, step.owner, list(step.changes), step.params
        )
    except NotFound:
        return "reading it now: it is not there"
    there = all(objects.covers(record.get(name), value) for name, value in step.changes.items())
    return f"reading it now: the change {'is' if there else 'is not'} in effect"


async def _listed(session: Session, step: Step) -> str:
    """What a list says of something that may have been made."""
    kind, call = session.connector.action(step.entity, "list"), call_of(session, step)
    if not step.name or not call.lookup():
        return ""
    view = ListView.model_construct(limit=LOOKED_AT, cursor="")
    found = await collect(session, kind.model_validate(_lookup(session, step)), view, step.owner, Place())
    ids = [
        str(row.get(call.made) or row.get("id")) for row in found.records if row.get(call.label) == step.name
    ]
    if not ids:
        return f"looking now: there is no {step.noun} {step.quoted}"
    return f"looking now: there is {step.noun} {step.quoted}, id {', '.join(ids)}"
