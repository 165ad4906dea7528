"""Protected campaigns: no step touches one, nor what is in it, nor what may be in it and cannot be told.

Only an edit of the clients file by a person lifts that. Names are those that the platform has now.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.clients import Client, fits
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import PolicyError
from mcp_ads.platforms import SHORT

from .campaigns_of import Campaign, Changed, Untold
from .items import label

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

FIX = "only an edit of clients.toml by a person lifts this"
BY_HAND = "a person does it at the platform, or edits clients.toml"
MOST_LINES, MOST_NAMED = 20, 20


@dataclass(frozen=True)
class Refusal:
    """Why a step is not done, and what can be done about that."""

    why: str
    fix: str = FIX


def clients_of(session: Session, account_id: str | None) -> list[Client]:
    """The clients whose protected campaigns an account may have; those of all accounts where none is told."""
    name, clients = session.connector.name, session.settings.clients
    if account_id:
        client = clients.of(name, session.connector.plain_id(account_id))
        return [client] if client and client.protected else []
    guarded = [client for client in clients if client.protected]
    return [client for client in guarded if any(connector == name for connector, _ in client.accounts)]


def protects(client: Client, connector: str, campaign: Campaign) -> str:
    """The pattern or id by which a client protects a campaign; empty where it does not."""
    ids = {campaign.id, f"{SHORT.get(connector, connector)}:{campaign.id}"}
    return next((known for known in client.protected if known in ids or fits(known, campaign.name)), "")


async def refusals(session: Session, step: Step, earlier: Sequence[Step]) -> list[Refusal]:
    """Why a step is not done; none where it touches no protected campaign. Raises ApiError.

    `earlier` are the steps of its plan which its references may mean.
    """
    changed = Changed(session, step, earlier)
    clients = clients_of(session, None if changed.anyones else (step.account or {}).get("id"))
    if not clients:
        return []
    whose = " and ".join(client.name for client in clients)
    try:
        campaigns = await changed.campaigns()
    except Untold as untold:
        has = f"client {whose} has" if len(clients) == 1 else f"clients {whose} have"
        return [Refusal(f"{step.action} {step.target}: {untold}, and {has} protected campaigns", BY_HAND)]
    name = session.connector.name
    return [
        Refusal(f'{campaign.target} of client {client.name} is protected ("{known}")')
        for campaign in dict.fromkeys(campaigns)
        for client in clients
        if (known := protects(client, name, campaign))
    ]


async def protected_among(
    session: Session, steps: Sequence[Step], earlier: Sequence[Step] = ()
) -> list[list[Refusal]]:
    """For each step why it is not done: what they take to tell is read together. Raises ApiError."""
    if not any(client.protected for client in session.settings.clients):
        return [[] for _ in steps]
    with gathered():
        return await asyncio.gather(*(refusals(session, step, earlier) for step in steps))


async def check_protected(session: Session, steps: Sequence[Step], earlier: Sequence[Step] = ()) -> None:
    """Raise PolicyError where a new step touches a protected campaign, or may: a line for each campaign."""
    many = len(steps) > 1
    names = [label(step) if many else f"step {len(earlier) + 1}" if earlier else "" for step in steps]
    _raise(names, await protected_among(session, steps, earlier))


async def check_planned(
    sessions: Sequence[Session], steps: Sequence[Step], ready: Sequence[int], ids: Mapping[int, str]
) -> None:
    """The same of the steps of a plan that are to be sent now, with `sessions` as long as these.

    `ids` are those of what its steps have made. Raises PolicyError.
    """
    if not any(client.protected for session in sessions for client in session.settings.clients):
        return
    looked = [replace(steps[index], params=fill_refs(steps[index].params, ids)) for index in ready]
    with gathered():
        found: list[Any] = await asyncio.gather(
            *(
                refusals(session, step, steps[:index])
                for session, step, index in zip(sessions, looked, ready, strict=True)
            )
        )
    _raise([f"step {index + 1}" if len(steps) > 1 else "" for index in ready], found)


def _raise(names: Sequence[str], found: Sequence[Sequence[Refusal]]) -> None:
    """Raise PolicyError with a line for each reason, and which steps it keeps from being done."""
    by_reason = defaultdict[Refusal, list[str]](list)
    for name, whys in zip(names, found, strict=True):
        for why in whys:
            by_reason[why].append(name)
    if not by_reason:
        return
    lines = [_line(why.why, steps) for why, steps in by_reason.items()]
    if more := len(lines) - MOST_LINES:
        lines[MOST_LINES:] = [f"… and {more} more"] if more > 0 else []
    sure = any(why.fix == FIX for why in by_reason)
    raise PolicyError("\n".join(lines), fix=FIX if sure else BY_HAND)


def _line(why: str, names: Sequence[str]) -> str:
    shown = ", ".join(filter(None, names[:MOST_NAMED]))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{shown}{more}: {why}" if shown else why
