"""What became of a change whose answer was lost: the call that shows it, and what reading shows now."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pydantic

from mcp_ads.core.outline import filled_value, nested
from mcp_ads.core.view import ListView
from mcp_ads.engine.answers.facts import which_connection
from mcp_ads.engine.answers.lost_text import FOUND, IN_EFFECT
from mcp_ads.engine.changes import values
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.moments import Left, left_at
from mcp_ads.engine.changes.steps import Step, quoted
from mcp_ads.engine.changes.wording import short
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import AdsError, NotFound

from .found import MOST_LISTED, found_named, lookup_of, required, when_made
from .partway import lost_part, making_part, not_made, took_effect, unlisted, unsent, way_on

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

OLDER = "it may be an older one: look when it was made"
UNDATED = "it may be an older one: nothing tells when it was made"
NEWLY = " that was not there before, since nothing tells when it was made"
DIFFERS = "DIFFERS: "
NEVER_SHOWN = "what it does cannot be read back; look in the platform's own pages before doing it again"
BOTH, MOST_CHECKED = 2, 100
NOT_YET = "a change may still be on its way: look again in a minute before doing it again"


def how_to_check(session: Session, step: Step, since: str = "") -> str:
    """The call that shows whether a step with an unknown outcome was done; empty when there is none."""
    with contextlib.suppress(AdsError, pydantic.ValidationError):
        return _check(session, step, since)
    return unlisted(step) if step.makes and lost_part(step) and not step.doubtful else ""


def _check(session: Session, step: Step, since: str) -> str:
    name, which = f"{session.connector.name}_execute", which_connection(session)
    if step.doubtful:
        number, shown = step.sent[-1].part, _shown(session, step)
        part = f"request {number} of {len(step.requests)} ({step.doubtful.get('does')})"
        call = f'{name}("{shown["entity"]}", "{shown["action"]}", {shown["params"] | which})'
        rest = f"; {unsent(step)}" if lost_part(step) else ""
        return f"{call}: it was done if {shown['done']}; {part} is the one of which nobody knows{rest}"
    if not step.shows:
        if not (seen := call_of(session.connector, step).shown_by()):
            return NEVER_SHOWN
        kind = session.connector.action(seen.entity, seen.action)
        params = required(session, kind, step) | dict(seen.params) | which
        return f'{name}("{seen.entity}", "{seen.action}", {params}): it was done if {seen.done}'
    if not step.makes:
        kind = session.connector.action(step.entity, "get")
        params = {
            **required(session, kind, step),
            **which,
            kind.subject: step.subject,
            **({"fields": list(step.changes)} if step.changes else {}),
        }
        done = "it is not there any more" if step.erases else f"it shows {_after(step)}"
        return f'{name}("{step.entity}", "get", {params}): it was done if {done}'
    if lost_part(step) and lost_part(step) != making_part(step):
        return not_made(step)
    undated = when_made(session, step) is None
    after = NEWLY if undated else f" made after {since}" if since else ""
    first = call_of(session.connector, step).first_called()
    if lost_part(step):
        named = quoted(first) if first else step.quoted
        done = f"it was done in part if it lists {step.noun} {named}{after}: {unsent(step)}"
    else:
        done = f"it was done if it lists {step.target}{f' or {quoted(first)}' if first else ''}{after}"
    return f'{name}("{step.entity}", "list", {lookup_of(session, step) | which}): {done}'


def how_to_check_all(session: Session, steps: Sequence[Step]) -> str:
    """The one call that shows which of several steps that are alike were done; the first one's own where it
    takes several. Raises AdsError.
    """
    first = steps[0]
    if first.makes or not first.shows or first.doubtful:
        return str((first.error or {}).get("check", ""))
    kind = session.connector.action(first.entity, "get")
    ids = [step.subject for step in steps[:MOST_CHECKED]]
    given = {**required(session, kind, first), **which_connection(session), kind.subject: ids}
    params = given | ({"fields": list(first.changes)} if first.changes else {})
    same = len({_after(step) for step in steps}) == 1
    said = _after(first) if same else "what the plan sets"
    done = (
        "those were done that are not there any more" if first.erases else f"those were done that show {said}"
    )
    rest = "; the others the same way" if len(ids) < len(steps) else ""
    return f'{session.connector.name}_execute("{first.entity}", "get", {params}): {done}{rest}'


def _after(step: Step) -> str:
    """What an object shows once a step is done: its lines without what was there before."""
    lines = (line for line in step.lines if line != step.effect)
    parts = ((line, line.partition(" ")[0], line.split(" → ")) for line in lines)
    return "; ".join(f"{name} {both[1]}" if len(both) == BOTH else line for line, name, both in parts)


def _shown(session: Session, step: Step) -> dict[str, Any]:
    """The call that shows whether the request of which nobody knows was done, with what answers gave."""
    answers = {sent.part: nested(sent.kept) for sent in step.sent[:-1]}
    given = [answers.get(number, {}) for number in range(1, step.sent[-1].part)]
    shown: dict[str, Any] = filled_value(step.doubtful["shown"], given)
    kind = session.connector.action(shown["entity"], shown["action"])
    shown["params"] = required(session, kind, step) | shown["params"]
    return shown


async def verdict(workspace: Workspace, step: Step) -> str:
    """Whether a change with an unknown outcome is in effect now, as far as reading shows."""
    session = workspace.session_of(step)
    try:
        if step.doubtful:
            return await _of_doubtful(session, step, _shown(session, step))
        if step.makes:
            return await _listed(session, step)
        if step.shows:
            return await _in_effect(session, step)
        said, whole = await effect_seen(session, step)
    except (AdsError, pydantic.ValidationError):
        return ""
    shown = "the change is in effect" if whole else f"{said.removeprefix(DIFFERS)}; {NOT_YET}"
    return "" if whole is None else f"reading it now: {shown}"


async def part_in_effect(session: Session, step: Step) -> Mapping[str, Any] | None:
    """The parameters that say what of a step is in effect now, as a list shows; None where none shows it.

    Raises AdsError.
    """
    call = call_of(session.connector, step)
    if not (seen := call.shown_by()):
        return None
    kind = session.connector.action(seen.entity, seen.action)
    view = ListView.model_construct(limit=MOST_LISTED, cursor="")
    listed = kind.model_validate(required(session, kind, step) | dict(seen.params))
    collected = await collect(session, listed, view, step.owner, Place())
    return call.part_shown(collected.unbroken())


async def effect_seen(session: Session, step: Step) -> tuple[str, bool | None]:
    """What a list shows of a step that sets no field of its object, and whether that is all of it; None where
    nobody can tell. Raises AdsError.
    """
    if (part := await part_in_effect(session, step)) is None:
        return "what it does cannot be read back", None
    if part and all(step.params.get(name) == value for name, value in part.items()):
        return "it is in effect", True
    only = "; ".join(f"{name} {short(value)}" for name, value in part.items())
    return f"{DIFFERS}{f'only {only} is' if only else 'it is not'} in effect", False


async def _in_effect(session: Session, step: Step) -> str:
    try:
        record = await objects.fetch(
            session, step.entity, step.subject, step.owner, list(step.changes), step.params
        )
    except NotFound:
        return "reading it now: it is not there" + (" any more" if step.erases else "")
    return _compared(record, {} if step.erases else step.changes)


async def _of_doubtful(session: Session, step: Step, shown: Mapping[str, Any]) -> str:
    if not shown["sets"]:
        return ""
    kind = session.connector.action(shown["entity"], "get")
    subject, params = str(shown["params"][kind.subject]), shown["params"]
    record = await objects.fetch(session, shown["entity"], subject, step.owner, [*shown["sets"]], params)
    said = _compared(record, shown["sets"])
    return took_effect(step) if lost_part(step) and said.endswith(IN_EFFECT) else said


def _compared(record: Mapping[str, Any], sets: Mapping[str, Any]) -> str:
    there = bool(sets) and all(values.covers(record.get(name), value) for name, value in sets.items())
    return f"reading it now: the change is {'in effect' if there else f'not in effect; {NOT_YET}'}"


async def _listed(session: Session, step: Step) -> str:
    """What a list, read to its end, says of something that may have been made."""
    part = lost_part(step)
    if part and part != making_part(step):
        return ""
    if (there := await found_named(session, step)) is None:
        return ""
    since = sent_at(session, step)
    new, open_, old = list[str](), list[str](), list[str]()
    for own, at in there.named:
        later = since.was_before(at) if at and since else None
        (open_ if later is None else new if later else old).append(there.told(own, at).removeprefix("id "))
    what = f"{step.noun} {step.quoted}"
    if part:
        what = f"{step.noun} {quoted(call_of(session.connector, step).first_called() or step.name)}"
    if found := new or open_:
        doubt = "" if new else f"; {UNDATED if when_made(session, step) is None else OLDER}"
        if not part:
            return f"{FOUND} {what}, id {', '.join(found)}{doubt}"
        if not new:
            return f"looking now: {what} may be there, id {', '.join(found)}{doubt}; {unsent(step)}"
        on = f"; {way_on(session, step, found[0].partition(' ')[0])}" if len(found) == 1 else ""
        return f"{took_effect(step)}: there is {what}, id {', '.join(found)}{on}"
    older = f", only an older one, id {', '.join(old)}" if old else ""
    if not there.whole:
        return f"looking now: {what} was not found{older}, and not all could be looked at"
    return f"looking now: {what} is not there yet{older}; {NOT_YET}"


def sent_at(session: Session, step: Step) -> Left | None:
    """The moment before a step left, by the platform's clock as far as that is known by now."""
    since = left_at(step.error or {})
    return since and by_now(session, since)


def by_now(session: Session, since: Left) -> Left:
    """A moment with how far this machine's clock was ahead at it, once an answer has told."""
    return since if since.ahead is not None else replace(since, ahead=session.transport.clock.ahead(since.at))
