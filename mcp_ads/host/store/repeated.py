"""Writes that are asked for twice: the first answer is kept, and answered again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.host.refusals import Refused

from .keyed import HEADER, check_key, first_of, noted
from .tables import organizations, plan_lines, plans, repeats

WINDOW = 60.0
"""Seconds in which the same write of one client, without a key, is taken for the same one, as long as
nothing else was written for its organization meanwhile."""
LONGEST_CALL = 600.0
"""Seconds after which a request that has not ended is taken for one whose process died."""
CONFLICT, UNKNOWN = 409, 502
LOOKED = (
    "look at the objects, or at the workspace's audit log; to have it done once more, send it with an "
    f"{HEADER} of its own"
)
NEVER_ENDED = "the first request of this kind never ended, so that it may have changed something"
UNDER_WAY = (
    "the same write is under way at this moment, or its process has died: ask again in a moment; from "
    f"{int(LONGEST_CALL // 60)} minutes on the answer says that its outcome is unknown"
)


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
        check_key(given)
        key = _hash("key", whose, given)
        return cls(caller.organization_id, workspace_id, key, _hash(text), keyed=True)


@dataclass(frozen=True)
class First:
    """What was answered to the first of them; `plan_state` is what became of the plan that it made."""

    status: int
    body: Mapping[str, Any]
    plan_state: str = ""


async def begin(connection: AsyncConnection, write: Write) -> First | str:
    """Note that a write begins, and tell the organization's last audit line; or what the first was answered.

    Raises Refused: 409 while the first one is under way, 422 for a key that was used for another request, 502
    where the first one never ended, so that nobody knows what it did: that is never carried out again.
    """
    head = await _head(connection, write)
    if await noted(connection, write.organization_id, write.key, write.asked):
        return head
    there = await first_of(connection, write.key, write.asked)
    if there is None:  # it was forgotten since, as nothing was done
        raise Refused(CONFLICT, UNDER_WAY, "under_way", headers={"Retry-After": "1"})
    if there.status is None:
        raise _not_ended(there)
    state = await _plan_state(connection, write, there)
    if not write.keyed and _is_another(there, head, state):
        if not await _taken_over(connection, write, there):
            raise Refused(CONFLICT, UNDER_WAY, "under_way", headers={"Retry-After": "5"})
        return head
    return First(there.status, there.answer["body"], state)


async def finish(
    connection: AsyncConnection, write: Write, status: int, body: Mapping[str, Any], head: str
) -> None:
    """Keep the answer for whoever asks again; `head` is the organization's last audit line by then."""
    kept = {"body": dict(body), "head": head}
    values = {"status": status, "answer": kept, "created_at": time.time()}
    await connection.execute(update(repeats).where(repeats.c.key == write.key).values(**values))


async def forget(connection: AsyncConnection, write: Write) -> None:
    """Nothing was done: the write may be asked for again."""
    await connection.execute(delete(repeats).where(repeats.c.key == write.key))


async def _head(connection: AsyncConnection, write: Write) -> str:
    row = select(organizations.c.audit_head).where(organizations.c.id == write.organization_id)
    return str(await connection.scalar(row) or "")


async def _taken_over(connection: AsyncConnection, write: Write, there: Row[Any]) -> bool:
    """Whether this request is the one that begins anew in the place of what was answered."""
    same = (repeats.c.key == write.key) & (repeats.c.created_at == there.created_at)
    anew = {"status": None, "answer": None, "created_at": time.time()}
    return (await connection.execute(update(repeats).where(same).values(**anew))).rowcount == 1


def _is_another(there: Row[Any], head: str, plan_state: str) -> bool:
    """Whether the same write is meant once more: after a while, or after anything else was written.

    What may have been done is never taken for another.
    """
    if there.status == UNKNOWN:
        return False
    late = time.time() - there.created_at > WINDOW
    return late or there.answer["head"] != head or plan_state not in ("", "ready")


async def _plan_state(connection: AsyncConnection, write: Write, there: Row[Any]) -> str:
    """What became by now of the plan that an answer tells of; empty where it tells of none."""
    if there.status != CONFLICT:
        return ""
    plan_id = there.answer["body"]["errors"][0]["details"]["plan_id"]
    here = (plans.c.workspace_id == write.workspace_id) & (plans.c.plan_id == plan_id)
    row = (await connection.execute(select(plans.c.state, plans.c.content).where(here))).one_or_none()
    if row is None:
        return "gone"
    lines = (plan_lines.c.workspace_id == write.workspace_id) & (plan_lines.c.plan_id == plan_id)
    if row.state == "ready" and await connection.scalar(select(exists().where(lines))):
        return "applying"
    expires = json.loads(row.content).get("expires", 0.0)
    return "expired" if row.state == "ready" and expires < time.time() else str(row.state)


def _not_ended(there: Row[Any]) -> Refused:
    if time.time() - there.created_at > LONGEST_CALL:
        return Refused(UNKNOWN, f"{NEVER_ENDED}: {LOOKED}", "outcome_unknown")
    return Refused(CONFLICT, UNDER_WAY, "under_way", headers={"Retry-After": "5"})


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
