"""What a plan reads beside the object it changes: what uses it, what is inside it, what runs around it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Write, dig
from mcp_ads.core.owner import texts_in
from mcp_ads.core.view import ListView
from mcp_ads.engine.changes.calls import made_record
from mcp_ads.engine.changes.references import places
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.gathering import gathering
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import ApiError, NotFound

from .asked import Asked

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

MOST = 5000
KEPT = 120.0
"""Seconds for which what runs on an account is believed to be so."""


async def asides_of(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any]
) -> dict[str, Any]:
    """What the reads found that a call makes beside its object's own, by their names; None is not known."""
    reads = call.beside(account.id if account else "", record)
    found = await asyncio.gather(*(_found(asked, name, read, account) for name, read in reads.items()))
    return dict(zip(reads, found, strict=True))


async def _found(asked: Asked, name: str, read: Action, account: Account | None) -> Any:
    if made_here := [asked.earlier[number - 1] for _, number, _ in places("", dict(read))]:
        return _made_here(asked, read, made_here)
    try:
        if not read.pages:
            answer = await asked.session.send(read.to_request(), account)
            found = dig(answer, read.records) if read.records else answer
            later = asked.switched(str(getattr(read, read.subject))) if read.subject else {}
            return {**found, **later} if later and isinstance(found, dict) else found
        records, whole = await all_of(asked.session, read, account)
    except ApiError as error:
        if isinstance(error, NotFound) and read.absent is not None:
            return read.absent
        asked.notes.append(f"{name}: not known, for they could not be read ({error.lines[0]})")
        return None
    if not whole:
        asked.notes.append(f"{name}: only the first {len(records):,} were looked at, there are more")
    return records


def _made_here(asked: Asked, read: Action, made_here: Sequence[Step]) -> Any:
    """What reading steps of the same plan would show: what they make; None for what will be in that."""
    connector = asked.session.connector
    if read.subject:
        named = asked.step_named(getattr(read, read.subject))
        return made_record(connector, named, read.columns()) if named else None
    lists = {connector.entity(step.entity).actions.get("list") for step in made_here}
    known = lists == {type(read)}
    return [made_record(connector, step, read.columns()) for step in made_here] if known else None


async def all_of(session: Session, read: Action, account: Account | None) -> tuple[list[Any], bool]:
    """The records of a list, and whether these are all there are: read once for all items of a call that
    look at the same one. Raises ApiError.
    """
    reads = gathering()
    if reads is None:
        return await _listed(session, account, read)

    async def listed(wanted: list[Any]) -> list[Any]:
        return [await _listed(session, account, one) for one in wanted]

    key = (session.whose, type(read), account and account.id, repr(read.to_request()), read.columns())
    found: tuple[list[Any], bool] = await reads.ask(key, key, 1, read, listed)
    return found


async def _listed(session: Session, account: Account | None, read: Action) -> tuple[list[Any], bool]:
    found = await collect(session, read, ListView.model_construct(limit=MOST), account, Place())
    return found.unbroken(), found.after is None


async def running(
    asked: Asked, call: Write, account: Account | None, records: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """A line for each thing under way that the call would spoil; `records` are its object and its parents."""
    look = asked.session.connector.under_way
    if look is None or account is None or asked.entity not in look.spoilt:
        return []
    try:
        listed, whole = await _under_way(asked, account)
    except ApiError as error:
        return [f"whether {look.what} run on this is not known: they cannot be read ({error.lines[0]})"]
    now, known = datetime.now(UTC), dict[str, str]()
    for record in listed:
        known |= look.says(record, now)
    above = [dig(record, path) for record in records.values() for path in look.above]
    plain, (_, about) = asked.session.connector.plain_id, call.about(asked.session.accounts.param)
    named = dict.fromkeys(plain(str(value)) for value in (account.id, *about, *above, *texts_in(dict(call))))
    lines = list(dict.fromkeys(known[name] for name in named if name in known))
    return lines if whole else [*lines, f"{look.what}: only the first {len(listed)} were looked at"]


async def _under_way(asked: Asked, account: Account) -> tuple[list[Any], bool]:
    """What runs on an account, as of some moments ago. Raises ApiError."""
    session = asked.session
    look, key = session.connector.under_way, (account.id, authority().mark)
    assert look is not None
    at, known = session.under_way.get(key, (-KEPT, ([], True)))
    if time.monotonic() - at < KEPT:
        return known
    known = await all_of(session, look.read(account.id), account)
    session.under_way[key] = time.monotonic(), known
    return known
