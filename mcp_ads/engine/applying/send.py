"""Sends one step: written down before it leaves and after its answer, once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.changes.calls import call_of, names_new
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.records.audit import SENDING, Who
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.departures import watching
from mcp_ads.errors import AdsError, NoRecord, OutcomeUnknown, PlatformDown, StalePlan

from .verdicts import how_to_check

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

LATEST = 10.0
"""Seconds a step may run beyond the call's time; then its outcome is unknown, and clients still listen."""
Answer = TypeVar("Answer")


async def undisturbed(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do the work to its end even when the call is cancelled meanwhile; the cancel is honoured then."""
    import anyio

    try:
        await asyncio.sleep(0)  # a call that is cancelled already begins nothing
    except asyncio.CancelledError:
        work.close()
        raise
    task, cancelled = asyncio.ensure_future(work), None
    with anyio.CancelScope(shield=True):
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()
    raise cancelled


async def perform(
    workspace: Workspace,
    step: Step,
    who: Who,
    plan_id: str = "",
    ref: str = "",
    ids: Mapping[int, str] | None = None,
) -> AdsError | None:
    """Send a step's request once, and note in it and in the audit log what came of it.

    Raises NoRecord when that it is about to be sent cannot be written down; then it is not sent.
    """
    ref, session = ref or secrets.token_hex(6), workspace.session(step.connector)
    step.subject, step.state = fill_refs(step.subject, ids or {}), SENDING
    check = how_to_check(session, step, time.strftime("%H:%M:%S UTC", time.gmtime()))
    workspace.audit.note(step, who, plan_id, ref)
    error: AdsError | None = OutcomeUnknown("the call was cancelled while this was being sent")
    try:
        error = await _outcome(session, step, ids or {})
    finally:
        _note(step, error, check)
        try:
            workspace.audit.note(step, who, plan_id, ref)
        except NoRecord as unwritten:
            step.warnings.append(f"missing in the audit log: {unwritten}")
    if step.state == "done" and step.makes and step.account:
        session.accounts.own(step.id, step.account["id"])
    return error


async def _outcome(session: Session, step: Step, ids: Mapping[int, str]) -> AdsError | None:
    """Send the request in what is left of the call; whatever breaks once it has left, it may have arrived."""
    try:
        with watching() as departed:
            async with asyncio.timeout(left() + LATEST):
                await _request(session, step, ids)
    except AdsError as failed:
        return failed
    except TimeoutError:
        return _too_late(sent=bool(departed))
    except Exception as broken:  # noqa: BLE001
        return OutcomeUnknown(f"the change was sent and its outcome is unknown ({type(broken).__name__})")
    return None


def _too_late(*, sent: bool) -> AdsError:
    if sent:
        return OutcomeUnknown("the change was sent and its outcome is unknown (no answer in time)")
    return PlatformDown("the call's time was over before this could be sent", fix="call again in a minute")


async def _request(session: Session, step: Step, ids: Mapping[int, str]) -> None:
    """Send it, see that the answer says it was done, and read the new id. Raises AdsError."""
    call = call_of(session.connector, step, ids)
    if any(number not in ids for number in step.refs):
        raise StalePlan("a step this one builds on was not done")
    answer = await session.send(call.to_request(), step.owner)
    if doubt := call.doubt(answer):
        raise OutcomeUnknown(f"the platform answered, and not that this was done: {doubt}")
    step.id = names_new(call, answer) if step.makes else step.subject
    if step.makes and not step.id:
        raise OutcomeUnknown("the platform accepted the change and did not say the new id")


def _note(step: Step, error: AdsError | None, check: str) -> None:
    step.state = "done" if error is None else "unknown" if error.sent == "unknown" else "failed"
    if error is not None:
        step.error = as_row(0, error)
    if step.state == "unknown" and check:
        assert step.error is not None
        step.error["check"] = check
