"""Sends one step: written down before it leaves and after its answer, once, whatever happens meanwhile."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.changes.calls import call_of, names_new
from mcp_ads.engine.changes.moments import Left, left_at
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step, shown_id
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.records.lately import SENDING
from mcp_ads.engine.records.plan_shape import LOST
from mcp_ads.engine.wire.flows import is_recipe
from mcp_ads.engine.wire.intents import intended
from mcp_ads.engine.wire.unproven import doubting
from mcp_ads.errors import AdsError, NoRecord, OutcomeUnknown, StalePlan

from .agreed import check_credentials
from .evidence import see_done
from .parts import Unfinished, Way, carry, in_time
from .partway import lost_part
from .verdicts import by_now, how_to_check

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace


def leaves_now(session: Session) -> Left:
    """The moment before a request leaves: what it makes is not older."""
    now = datetime.now(UTC)
    return Left(now, session.transport.clock.ahead(now))


def leaves(session: Session, steps: Iterable[Step]) -> Left:
    """The moment before requests leave, kept with the steps that make something and begin by them."""
    since = leaves_now(session)
    for step in steps:
        if step.makes and not step.sent:
            step.left = since.to_json()
    return since


def if_lost(session: Session, step: Step, ids: Mapping[int, str]) -> dict[str, Any]:
    """The error a step has when this process ends while it is being sent, written down before it is."""
    since = leaves_now(session)
    filled = replace(step, subject=fill_refs(step.subject, ids), params=fill_refs(step.params, ids))
    check = how_to_check(session, filled, since.said)
    row = as_row(0, OutcomeUnknown(LOST)) | since.to_json()
    return {**row, "check": check} if check else row


async def perform(
    workspace: Workspace,
    step: Step,
    who: Who,
    plan_id: str = "",
    ref: str = "",
    ids: Mapping[int, str] | None = None,
    way: Way | None = None,
    among: Sequence[Step] = (),
) -> AdsError | None:
    """Send a step's request once, and note in it and in the audit log what came of it.

    `among` are the steps it is one of: what it makes has an id none of them has.
    One of several requests that is not finished is `ready` again, and goes on in another call. Raises
    NoRecord when that it is about to be sent cannot be written down; then it is not sent.
    """
    ref, session = ref or secrets.token_hex(6), workspace.session_of(step)
    (step.subject, step.within), step.state = fill_refs([step.subject, step.within], ids or {}), SENDING
    apart = (line.rpartition(" ") for line in step.lines)
    step.lines = [f"{head}{gap}{fill_refs(last, ids or {})}" for head, gap, last in apart]
    since = leaves(session, [step])
    check = how_to_check(session, replace(step, params=fill_refs(step.params, ids or {})), since.said)
    workspace.audit.note(step, who, plan_id, ref)
    error: AdsError | None = OutcomeUnknown("the call was cancelled while this was being sent")
    try:
        error = await _outcome(session, step, ids or {}, way or Way(), plan_id)
        error = error or repeated(session, [step], among)[0]
    finally:
        again = step.doubtful or lost_part(step)
        note(session, step, error, how_to_check(session, step, since.said) if again else check, since)
        try:
            if not step.begun:  # the log has its intent; its outcome is to come
                workspace.audit.note(step, who, plan_id, ref)
        except NoRecord as unwritten:
            step.warnings.append(f"missing in the audit log: {unwritten}")
    _forget_what_was(session, step)
    return error


def _forget_what_was(session: Session, step: Step) -> None:
    """What was read before a change may be otherwise from now on."""
    session.under_way.clear()
    if step.entity == session.connector.accounts.entity:
        session.accounts.forget()
    if step.state == "done" and step.makes and step.account:
        session.accounts.own(step.id, step.account["id"])


async def _outcome(
    session: Session, step: Step, ids: Mapping[int, str], way: Way, plan_id: str
) -> AdsError | None:
    """Carry the step out and read the new id; what became of it is unknown whenever it may have arrived."""
    try:
        with intended(plan_id or f"mcp-ads without a plan: {step.action} {step.noun}"), doubting() as doubts:
            await _request(session, step, ids, way)
        if doubts:
            await see_done(session, step, ids)
    except AdsError as failed:
        return failed
    except Exception as broken:  # noqa: BLE001 - a flow that cannot read an answer cannot say what was done
        return OutcomeUnknown(
            f"the answer makes no sense, so its outcome is unknown ({type(broken).__name__})"
        )
    return None


async def _request(session: Session, step: Step, ids: Mapping[int, str], way: Way) -> None:
    """Send it, see that the answer says it was done, and read the new id. Raises AdsError."""
    call = call_of(session.connector, step, ids)
    if any(number not in ids for number in step.refs):
        raise StalePlan("a step this one builds on was not done")
    check_credentials(session, step)
    if is_recipe(call):
        answer = await carry(session, step, call, way)
    else:
        answer = await in_time(session.send(call.to_request(), step.owner))
    believe(step, call, answer)


def believe(step: Step, call: Write, answer: Any) -> None:
    """See that an answer says it was done, and read the new id. Raises OutcomeUnknown."""
    if doubt := call.doubt(answer):
        raise OutcomeUnknown(f"the platform answered, and not that this was done: {doubt}")
    if remark := call.remark(answer):
        step.lines = [*step.lines, remark]
    step.id = names_new(call, answer) if step.makes else step.subject
    if step.makes and not step.id:
        raise OutcomeUnknown("the platform accepted the change and did not say the new id")


def repeated(session: Session, steps: Sequence[Step], among: Iterable[Step]) -> list[AdsError | None]:
    """For each step, why the new id it was answered cannot be its own: another has it, or what it names.

    Nobody knows then which of them was made, so that it counts for none.
    """
    known = {id(step): step for step in (*among, *steps)}.values()
    count = Counter((step.connector, step.entity, step.object_id) for step in known)
    named = {str(value) for step in known for value in (*step.within, *_ids(step.params))}
    errors: list[AdsError | None] = [None] * len(steps)
    for at, step in enumerate(steps):
        twice = count[step.connector, step.entity, step.id] > 1 or step.id in named
        if step.makes and step.id and twice and not call_of(session.connector, step).shares:
            errors[at] = OutcomeUnknown(
                f"the platform answered {shown_id(step.id)}, the id of something else"
            )
    for step, error in zip(steps, errors, strict=True):
        step.id = "" if error else step.id
    return errors


def _ids(params: Mapping[str, Any]) -> Iterator[Any]:
    """What parameters name by its id."""
    for name, value in params.items():
        if name.endswith(("_id", "_ids")):
            yield from value if isinstance(value, list) else [value]


def note(session: Session, step: Step, error: AdsError | None, check: str, since: Left) -> None:
    """Note in a step what became of it, and when it had left."""
    first = left_at(step.left)
    step.left = by_now(session, first).to_json() if first else {}
    step.state = "done" if error is None else "unknown" if error.sent == "unknown" else "failed"
    step.error = as_row(0, error) if error is not None else None
    if isinstance(error, Unfinished):
        step.state = "ready"
    if step.state == "unknown" and step.error is not None:
        step.error |= {**since.to_json(), **({"check": check} if check else {})}
