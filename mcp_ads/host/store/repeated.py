"""Writes that are asked for twice: the first answer is kept, and answered again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.host.refusals import Refused

from .made_once import HEADER, KEPT, LONGEST
from .tables import plans, repeats

WINDOW = 60.0
"""Seconds in which the same write of one client, without a key, is taken for the same one."""
LONGEST_CALL = 600.0
"""Seconds after which a request that has not ended is taken for one whose process died."""
CONFLICT = 409


@dataclass(frozen=True)
class Write:
    """A write as it may come again: the hash it is known by, and that of what it asks.

    `keyed` says whether the client gave the key itself, so that it holds for a day and not for a minute.
    """

    organization_id: str
    workspace_id: str
    key: str
    asked: str
    keyed: bool

    @classmethod
    def of(cls, caller: Caller, workspace_id: str, given: str | None, *asked: Any) -> Write:
        """A request under an Idempotency-Key, or without one. Raises Refused (422) for a wrong key."""
        text = json.dumps(asked, sort_keys=True, default=str)
        whose = f"{caller.organization_id}\0{caller.id}"
        if given is None:
            same = _hash("same", whose, text)
            return cls(caller.organization_id, workspace_id, same, _hash(text), keyed=False)
        if not 1 <= len(given) <= LONGEST or not (given.isascii() and given.isprintable()):
            raise Refused(422, f"{HEADER}: 1 to {LONGEST} printable ASCII characters", field=HEADER)
        key = _hash("key", whose, given)
        return cls(caller.organization_id, workspace_id, key, _hash(text), keyed=True)


@dataclass(frozen=True)
class First:
    """What was answered to the first of them."""

    status: int
    body: Mapping[str, Any]


async def begin(connection: AsyncConnection, write: Write) -> First | None:
    """Note that a write begins; what was answered where it is not the first.

    Raises Refused: 409 while the first one is under way, 422 for a key that was used for another request, 502
    where the first one never ended, so that nobody knows what it did.
    """
    await connection.execute(delete(repeats).where(repeats.c.created_at < time.time() - KEPT))
    if await _inserted(connection, write):
        return None
    there = (await connection.execute(select(repeats).where(repeats.c.key == write.key))).one()
    if there.asked != write.asked:
        said = f"{HEADER}: it was used for another request; give each its own"
        raise Refused(422, said, "key_used", HEADER)
    if not write.keyed and await _is_another(connection, write, there):
        await forget(connection, write)
        return None if await _inserted(connection, write) else First(there.status, there.answer)
    if there.status is None:
        raise _not_ended(there)
    return First(there.status, there.answer)


async def finish(connection: AsyncConnection, write: Write, status: int, body: Mapping[str, Any]) -> None:
    """Keep the answer for whoever asks again."""
    values = {"status": status, "answer": dict(body)}
    await connection.execute(update(repeats).where(repeats.c.key == write.key).values(**values))


async def forget(connection: AsyncConnection, write: Write) -> None:
    """Nothing was done: the write may be asked for again."""
    await connection.execute(delete(repeats).where(repeats.c.key == write.key))


async def _inserted(connection: AsyncConnection, write: Write) -> bool:
    row = {"key": write.key, "organization_id": write.organization_id, "asked": write.asked}
    try:
        async with connection.begin_nested():
            await connection.execute(insert(repeats).values(**row, created_at=time.time()))
    except IntegrityError:
        return False
    return True


async def _is_another(connection: AsyncConnection, write: Write, there: Row[Any]) -> bool:
    """Whether the same write is meant once more: after a while, or after its plan was applied."""
    if not _is_over(there):
        return False
    if time.time() - there.created_at > WINDOW:
        return True
    if there.status != CONFLICT:
        return False
    plan_id = there.answer["errors"][0]["details"]["plan_id"]
    here = plans.c.workspace_id == write.workspace_id, plans.c.plan_id == plan_id
    return bool(await connection.scalar(select(plans.c.state).where(*here)) != "ready")


def _is_over(there: Row[Any]) -> bool:
    return there.status is not None or time.time() - there.created_at > LONGEST_CALL


def _not_ended(there: Row[Any]) -> Refused:
    if _is_over(there):
        said = (
            "the first request of this kind never ended, so that it may have changed something: look at the "
            "objects, or at the workspace's audit log, before asking again"
        )
        return Refused(502, said, "outcome_unknown")
    said = "the same write is under way at this moment; its answer comes to whoever asks again"
    return Refused(409, said, "under_way", headers={"Retry-After": "5"})


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
