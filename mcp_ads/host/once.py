"""A write carried out once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from .parts import Host
from .refusals import Refused
from .store import repeated
from .store.repeated import First, Write

OK = 200
KEPT = ("plan_required", "outcome_unknown")
"""What is answered again; after any other refusal nothing was done."""
REPLAYED = {"Idempotent-Replayed": "true"}
Carry = Callable[[], Awaitable[dict[str, Any]]]


async def carried_once(host: Host, write: Write, carry: Carry) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The answer of what is carried out, or of the first of its kind, with its headers. Raises Refused.

    Where this ends without an answer, nobody knows what was done, and whoever asks again is told so.
    """

    async def begin(connection: AsyncConnection) -> First | None:
        return await repeated.begin(connection, write)

    if first := await host.database.run(begin):
        return _again(first), REPLAYED
    try:
        answer = await carry()
    except Refused as error:
        await _settle(host, write, error)
        raise
    await host.database.run(lambda connection: repeated.finish(connection, write, OK, answer))
    return answer, {}


def _again(first: First) -> dict[str, Any]:
    if first.status == OK:
        return dict(first.body)
    found = first.body["errors"]
    again = Refused(first.status, found[0]["message"], headers=REPLAYED)
    again.errors = list(found)
    raise again


async def _settle(host: Host, write: Write, error: Refused) -> None:
    """Keep a refusal after which something may have been done; after others the write may come again."""

    async def keep(connection: AsyncConnection) -> None:
        if error.errors[0]["error_code"] in KEPT:
            await repeated.finish(connection, write, error.status, error.body)
        else:
            await repeated.forget(connection, write)

    await host.database.run(keep)
