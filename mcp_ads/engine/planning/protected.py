"""What clients protect: no step touches it, nor what is in it, nor what may be in it and cannot be told.

Only an edit of the clients file by a person lifts that. Names are those that the platform has now.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mcp_ads.clients import Client, fits
from mcp_ads.clients_known import FORGET, gone
from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step, quoted
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import PolicyError
from mcp_ads.platforms import SHORT

from .items import label
from .left_out import Drafted
from .named_like import TOP
from .reached import Changed, Protectable, Untold

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

FIX = "only an edit of clients.toml by a person lifts this"
BY_HAND = "a person does it at the platform, or edits clients.toml"
MOST_LINES, MOST_NAMED = 20, 20


@dataclass(frozen=True)
class Refusal:
    """Why a step is not done, and what can be done about that; `brief` is why where the object is named."""

    text: str
    fix: str = FIX
    brief: str = ""


def clients_of(session: Session, account_id: str) -> list[Client]:
    """The clients that protect something an account may have; those of all accounts where none is told."""
    name, clients = session.connector.name, session.settings.clients
    if account_id:
        client = clients.of(name, session.connector.plain_id(account_id))
        return [client] if client and client.guards(name) else []
    theirs = [client for client in clients if any(connector == name for connector, _ in client.accounts)]
    return [client for client in theirs if client.guards(name)]


def protects(client: Client, connector: str, found: Protectable) -> str:
    """The pattern or id by which a client protects an object; empty where it does not."""
    ids = {found.id, f"{SHORT.get(connector, connector)}:{found.id}"}
    return next((known for known in client.protected if known in ids or fits(known, found.name)), "")


def _account(step: Step) -> str:
    return str((step.account or {}).get("id", ""))


async def refusals(session: Session, step: Step, earlier: Sequence[Step]) -> list[Refusal]:
    """Why a step is not done; none where it touches nothing protected. Raises ApiError.

    `earlier` are the steps of its plan which its references may mean.
    """
    changed = Changed(session, step, earlier)
    clients = clients_of(session, "" if changed.anyones else _account(step))
    if not clients:
        return []
    try:
        objects = await changed.objects()
    except Untold as untold:
        whose = "a client" if changed.anyones or not step.account else f"client {clients[0].name}"
        why = f"{untold}, and {whose} has protected {plural(TOP, 2)}"
        return [Refusal(f"{step.action} {step.target}: {why}", BY_HAND)]
    own = session.connector.plain_id(step.subject)
    return [
        Refusal(
            f'{found.target} of client {client.name} is protected ("{known}")',
            brief=f'protected by client {client.name} ("{known}")' if found.id == own else "",
        )
        for found in dict.fromkeys(objects)
        for client in clients
        if (known := protects(client, session.connector.name, found))
    ]


async def protected_among(
    sessions: Sequence[Session], steps: Sequence[Step], earlier: Sequence[Sequence[Step]] | None = None
) -> list[list[Refusal]]:
    """For each step why it is not done: what they take to tell is read together. Raises ApiError.

    `sessions` are as long as the steps, and `earlier` has for each those that its references may mean.
    """
    if not any(client.protected for session in sessions for client in session.settings.clients):
        return [[] for _ in steps]
    with gathered():
        looks = zip(sessions, steps, earlier or [()] * len(steps), strict=True)
        found = await asyncio.gather(*(refusals(*look) for look in looks), return_exceptions=True)
    for whys in found:
        if isinstance(whys, BaseException):
            raise whys
    return [whys for whys in found if not isinstance(whys, BaseException)]


async def keep_protected(
    session: Session, drafted: Drafted, earlier: Sequence[Step], *, selected: bool
) -> None:
    """Raise PolicyError where a new step touches what is protected, or may: a line for each object.

    Of what was `selected` by a condition such steps are left out, each with the reason, though none remains.
    Where clients.toml is gone, nothing is planned.
    """
    steps = drafted.steps
    _raise_gone(session)
    found = await protected_among([session] * len(steps), steps, [earlier] * len(steps))
    if selected:
        drafted.excluded[:0] = [
            {
                "id": step.subject,
                "name": step.name,
                "why": "; ".join(refusal.brief or refusal.text for refusal in whys),
                "index": step.item,
            }
            for step, whys in zip(steps, found, strict=True)
            if whys
        ]
        drafted.steps = [step for step, whys in zip(steps, found, strict=True) if not whys]
    else:
        one = f"step {len(earlier) + 1}" if earlier else ""
        _raise([label(step) if len(steps) > 1 else one for step in steps], found)
    for step in drafted.steps:
        step.warnings += _caught(session, step)


async def check_planned(
    sessions: Sequence[Session], steps: Sequence[Step], ready: Sequence[int], ids: Mapping[int, str]
) -> None:
    """Raise PolicyError where a step of a plan that is `ready` to be sent touches what is protected now.

    `sessions` are as long as these, `ids` are those of what steps of the plan have made.
    """
    for session in sessions:
        _raise_gone(session)
    asked = [replace(steps[index], params=fill_refs(steps[index].params, ids)) for index in ready]
    found = await protected_among(sessions, asked, [steps[:index] for index in ready])
    _raise([f"step {index + 1}" if len(steps) > 1 else "" for index in ready], found)


def _raise_gone(session: Session) -> None:
    """Raise PolicyError where clients were written down that nobody can read now."""
    clients = session.settings.clients
    folders = () if clients else filter(None, (session.settings.records, clients.missed_in))
    if lost := next(filter(None, map(gone, folders)), ""):
        raise PolicyError(lost, fix=f"a person puts it back, or runs `{FORGET}`")


def _caught(session: Session, step: Step) -> list[str]:
    """That an object gets a name by which it is protected from then on."""
    reaches, connector = session.connector.reaches, session.connector.name
    level = reaches.levels.get(step.entity) if reaches else None
    name = step.changes.get(level.name_at) if level and level.name_at else None
    if not isinstance(name, str):
        return []
    found = Protectable(step.noun, step.subject, name)
    return [
        f'{quoted(name)} is protected by that name ("{known}" of client {client.name}): nothing here '
        "changes it afterwards, or takes this back"
        for client in clients_of(session, _account(step))
        if (known := protects(client, connector, found))
    ]


def _raise(names: Sequence[str], found: Sequence[Sequence[Refusal]]) -> None:
    """Raise PolicyError with a line for each reason, and the steps it keeps from being done."""
    by_reason = defaultdict[Refusal, list[str]](list)
    for name, whys in zip(names, found, strict=True):
        for why in whys:
            by_reason[why].append(name)
    if not by_reason:
        return
    lines = [_line(why.text, steps) for why, steps in by_reason.items()]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES} more"]
    raise PolicyError("\n".join(lines), fix=FIX if any(why.fix == FIX for why in by_reason) else BY_HAND)


def _line(why: str, names: Sequence[str]) -> str:
    shown = ", ".join(filter(None, names[:MOST_NAMED]))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{shown}{more}: {why}" if shown else why
