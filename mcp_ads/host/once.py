"""A write carried out once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from .parts import Host
from .records.lines_written import watched
from .records.recording import FAILED
from .refusals import Refused
from .store import repeated
from .store.repeated import LOOKED, UNKNOWN, First, Write

OK = 200
KEPT = ("plan_required", "outcome_unknown")
"""What is answered again; after any other refusal nothing was done."""
UNRECORDED = ("no_record", "internal")
"""Errors that say what became of our records, and nothing of what was sent."""
REPLAYED = {"Idempotent-Replayed": "true"}
AGAIN = (
    "This is the answer to the same request, which was carried out before; nothing was sent now. "
    "To have it done once more, send it with an Idempotency-Key of its own."
)
LOST = "the change was sent, and the server's database failed then, so that its outcome is unknown"
UNKEPT = "the server could not keep this answer: look before sending the same again"
Carry = Callable[[], Awaitable[dict[str, Any]]]
Ended = tuple[int, Mapping[str, Any]]


async def carried_once(host: Host, write: Write, carry: Carry) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The answer of what is carried out, or of the first of its kind, with its headers. Raises Refused.

    Where this ends without an answer, nobody knows what was done, and whoever asks again is told so.
    """
    await host.settling.catch_up(host.database, write.key)
    begun = await host.database.run(lambda connection: repeated.begin(connection, write))
    if isinstance(begun, First):
        return _again(begun), REPLAYED
    ended = None
    with watched() as lines:
        try:
            answer = await _carried(carry, lines)
            ended = OK, deepcopy(answer)
        except Refused as error:
            if error.errors[0]["error_code"] in KEPT:
                ended = error.status, error.body
            raise
        finally:
            doubtful = ended is None and bool(lines)
            kept = doubtful or await _settled(host, write, ended, [begun, *lines][-1])
    if not kept:
        answer["execution_metadata"]["warnings"] = [UNKEPT]
    return answer, {}


async def carried(carry: Carry) -> dict[str, Any]:
    """The answer of what may be asked for again, since it is known by what it is. Raises Refused."""
    with watched() as lines:
        return await _carried(carry, lines)


async def _carried(carry: Carry, lines: list[str]) -> dict[str, Any]:
    """The answer. Raises Refused: `outcome_unknown` where records fail after anything may be sent."""
    try:
        return await carry()
    except Refused as error:
        if lines and error.errors[0]["error_code"] in UNRECORDED:
            raise Refused(502, f"{LOST}: {LOOKED}", "outcome_unknown") from error
        raise
    except FAILED as error:
        if lines:
            raise Refused(502, f"{LOST}: {LOOKED}", "outcome_unknown") from error
        raise


async def _settled(host: Host, write: Write, ended: Ended | None, head: str) -> bool:
    """Keep what may have been done; after anything else the write may come again. Whether that went well."""

    async def work(connection: AsyncConnection) -> None:
        if ended:
            await repeated.finish(connection, write, *ended, head)
        else:
            await repeated.forget(connection, write)

    return await host.settling.settle(host.database, write.key, work)


def _again(first: First) -> dict[str, Any]:
    """The first answer, which says that it is that. Raises Refused, with what became of a plan since."""
    body = deepcopy(dict(first.body))
    if first.status == OK:
        body["execution_metadata"]["replayed"] = True
        result = body["result"]
        if isinstance(result, dict) and "text" in result:
            result["text"] = f"{AGAIN}\n{result['text']}"
        return body
    found = body["errors"]
    found[0]["details"] |= {"replayed": True}
    if first.plan_state not in ("", "ready"):
        _say_settled(found[0], first.plan_state)
    elif first.status == UNKNOWN:
        found[0]["message"] = f"{found[0]['message']}\n{LOOKED}"
    again = Refused(first.status, found[0]["message"], headers=REPLAYED)
    again.errors = list(found)
    raise again


def _say_settled(error: dict[str, Any], state: str) -> None:
    """Have the answer that a plan waits say what became of it since."""
    plan_id, details = error["details"]["plan_id"], error["details"]
    error["error_code"], details["plan_state"] = "plan_settled", state
    path = details.pop("apply").removesuffix("/apply")
    look = f"GET {path} shows what became of it" if state not in ("gone", "void") else "it cannot be applied"
    error["message"] = (
        f"the plan {plan_id}, which this request made when it first came, waits no longer: it is {state}; "
        f"{look}. To have it done once more, send the request with an Idempotency-Key of its own"
    )
