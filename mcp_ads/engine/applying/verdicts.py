"""What became of a change whose answer was lost: the call that shows it, and what reading shows now."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pydantic

from mcp_ads.core.view import ListView
from mcp_ads.engine.changes import values
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.steps import Step, quoted
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import AdsError, NotFound

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

MOST_LISTED = 10_000
NEVER_SHOWN = "what it does cannot be read back; look in the platform's own pages before doing it again"
NOT_YET = "a change may still be on its way: look again in a minute before doing it again"


def how_to_check(session: Session, step: Step, since: str = "") -> str:
    """The call that shows whether a step with an unknown outcome was done; empty when there is none."""
    with contextlib.suppress(AdsError, pydantic.ValidationError):
        return _check(session, step, since)
    return ""


def _check(session: Session, step: Step, since: str) -> str:
    name, which = f"{session.connector.name}_execute", _which(session)
    if not step.shows:
        return NEVER_SHOWN
    if not step.makes:
        kind = session.connector.action(step.entity, "get")
        params = {
            **_required(session, kind, step),
            **which,
            kind.subject: step.subject,
            **({"fields": list(step.changes)} if step.changes else {}),
        }
        shown = "; ".join(line for line in step.lines if line != step.effect)
        done = "it is not there any more" if step.erases else f"it shows {shown}"
        return f'{name}("{step.entity}", "get", {params}): it was done if {done}'
    after = f" made after {since}" if since else ""
    first = call_of(session.connector, step).first_called()
    done = f"it was done if it lists {step.target}{f' or {quoted(first)}' if first else ''}{after}"
    return f'{name}("{step.entity}", "list", {_lookup(session, step) | which}): {done}'


def _required(session: Session, kind: Any, step: Step) -> dict[str, Any]:
    name = session.accounts.param
    field = kind.model_fields.get(name)
    return {name: step.account["id"]} if step.account and field and field.is_required() else {}


def _which(session: Session) -> dict[str, str]:
    """What names the connection in a call, where there are several."""
    return {"connection": session.platform.label} if session.several else {}


def _lookup(session: Session, step: Step) -> dict[str, Any]:
    call, kind = call_of(session.connector, step), session.connector.action(step.entity, "list")
    params = dict(call.lookup()) | _required(session, kind, step)
    return {name: value for name, value in params.items() if value is not None}


async def verdict(workspace: Workspace, step: Step) -> str:
    """Whether a change with an unknown outcome is in effect now, as far as reading shows."""
    session = workspace.session_of(step)
    try:
        if step.makes:
            return await _listed(session, step)
        return await _in_effect(session, step) if step.shows else ""
    except (AdsError, pydantic.ValidationError):
        return ""


async def _in_effect(session: Session, step: Step) -> str:
    try:
        record = await objects.fetch(
            session, step.entity, step.subject, step.owner, list(step.changes), step.params
        )
    except NotFound:
        return "reading it now: it is not there" + (" any more" if step.erases else "")
    covered = (values.covers(record.get(name), value) for name, value in step.changes.items())
    there = not step.erases and all(covered)
    return f"reading it now: the change is {'in effect' if there else f'not in effect; {NOT_YET}'}"


async def _listed(session: Session, step: Step) -> str:
    """What a list, read to its end, says of something that may have been made."""
    kind, call = session.connector.action(step.entity, "list"), call_of(session.connector, step)
    if not step.name or not call.lookup():
        return ""
    view = ListView.model_construct(limit=MOST_LISTED, cursor="")
    collected = await collect(session, kind.model_validate(_lookup(session, step)), view, step.owner, Place())
    ids = [
        str(row.get(call.new_id_at) or row.get("id"))
        for row in collected.records
        if row.get(call.name_at) in {step.name, call.first_called() or step.name}
    ]
    if ids:
        return f"looking now: there is {step.noun} {step.quoted}, id {', '.join(ids)}"
    if collected.after or collected.warnings:
        return f"looking now: {step.noun} {step.quoted} was not found, and not all could be looked at"
    return f"looking now: {step.noun} {step.quoted} is not there yet; {NOT_YET}"
