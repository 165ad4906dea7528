"""Drives an action of several requests: sends what it yields, waits, reports progress, stops in time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Aside, Context, Flow, Progress, Request, Result, Several, Wait
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.bundles import ABSURD
from mcp_ads.core.gaps import missing
from mcp_ads.core.own_records import ids_in, own_records
from mcp_ads.core.page_records import AGAIN
from mcp_ads.core.recipe import Report
from mcp_ads.errors import ApiError, AuthError, PlatformDown, RateLimited, TooMuch

from .deadline import deadline, waitable
from .gathering import at_once

if TYPE_CHECKING:
    from .connection import Connection
Step = Request | Several | Wait | Progress | Aside


async def drive(
    session: Connection, call: Action, context: Context, *, report: Report | None = None
) -> Result:
    """The recipe's result, or, when time runs out or the platform fails meanwhile, what to go on with."""
    steps = call.flow(context)
    resume = Wait(0.0)
    with deadline():
        try:
            step = advance(steps, None)
            while not isinstance(step, Result):
                if isinstance(step, Wait):
                    resume = step if step.resume or not resume.resume else resume
                    if step.seconds >= waitable():
                        return _unfinished(resume)
                answer = await _do(session, context, step, report, private=call.private)
                step = _judged(steps, answer)
        except (PlatformDown, RateLimited) as error:
            if not resume.resume or isinstance(error, TooMuch):
                raise
            return _unfinished(resume, error)
        except AuthError as error:
            if resume.resume:
                error.fix = "; ".join(filter(None, [error.fix, _onward(resume)]))
            raise
        finally:
            steps.close()
    _check_own(session, call, step.data)
    gaps = missing(step.meta.get("warnings", ()))
    step.partial = step.partial or gaps or str(step.meta.get("coverage") or "")
    return step


def _check_own(session: Connection, call: Action, data: Any) -> None:
    """See that what a get ends with is what it was asked for; rows of its columns alone may be without an id,
    and so may what is given as it was sent, whose levels the get knows. Raises PlatformDown.
    """
    wanted = getattr(call, call.subject) if call.subject else None
    if wanted is None or not (isinstance(data, Mapping) or (call.many and isinstance(data, list))):
        return
    shown, sent = {*call.columns()}, isinstance(call, AsSent)
    told = [
        record
        for record in (data if isinstance(data, list) else [data])
        if not isinstance(record, Mapping)
        or ids_in(record, call.subject)
        or not (sent or record.keys() == shown)
    ]
    own_records(told, call.subject, wanted, session.connector.plain_id)


def _judged(steps: Flow, answer: Any) -> Step | Result:
    """The next step; what a recipe finds wrong with an answer was sent before it was answered."""
    try:
        return advance(steps, answer)
    except ABSURD:
        strange = PlatformDown("the answer makes no sense", fix=AGAIN)
        strange.sent = "yes"
        raise strange from None
    except ApiError as error:
        if answer is not None and not error.trace and error.sent == "no":
            error.sent = "yes"  # a recipe's own: those of the transport have a trace
            error.fix = error.fix or (AGAIN if isinstance(error, PlatformDown) else "")
        raise


async def before_first_write(session: Connection, call: Action, context: Context) -> None:
    """Send what a flow reads before it first changes something, and no more. Raises AdsError."""
    steps = call.flow(context)
    try:
        step = advance(steps, None)
        while isinstance(step, Progress | Several) or (isinstance(step, Request) and step.risk == "read"):
            step = _judged(steps, await _do(session, context, step, None))
    finally:
        steps.close()


def advance(steps: Flow, answer: Any) -> Step | Result:
    """The next step, or the recipe's result; an error becomes an exception inside the recipe."""
    try:
        return steps.throw(answer) if isinstance(answer, ApiError) else steps.send(answer)
    except StopIteration as end:
        result: Result = end.value
        return result


async def _do(
    session: Connection, context: Context, step: Step, report: Report | None, *, private: bool = False
) -> Any:
    if isinstance(step, Wait):
        return await asyncio.sleep(step.seconds)
    if isinstance(step, Progress):
        return await report(step) if report else None
    if isinstance(step, Aside):
        return await session.aside(step)
    requests = step.requests if isinstance(step, Several) else (step,)
    own = [replace(request, private=request.private or private) for request in requests]
    answers = await at_once(session, own, context.account)
    return answers if isinstance(step, Several) else answers[0]


def _onward(last: Wait) -> str:
    """The call that goes on with what was ordered."""
    given = ", ".join(f"{name}={value}" for name, value in last.resume.items())
    return f"{last.again} {given}" if given else "call again"


def _unfinished(last: Wait, error: ApiError | None = None) -> Result:
    warning = f"not finished yet; {_onward(last)}"
    because = [f"{type(error).__name__}: {error}"] if error else []
    warnings = [warning, *because, *last.facts.get("warnings", ())]
    meta = {**last.facts, "pending": True, "warnings": warnings}
    return Result({"status": "PENDING", **last.resume}, meta)


def is_recipe(call: Action) -> bool:
    """Whether an action is made of several requests."""
    return type(call).flow is not Action.flow
