"""Drives an action of several requests: sends what it yields, waits, reports progress, stops in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..core import Action, Context, Progress, Request, Result, Steps, Wait
from ..errors import ApiError

if TYPE_CHECKING:
    from .session import Session

Report = Callable[[Progress], Awaitable[None]]
DEADLINE = 45.0
"""Seconds a call may take; clients give up at 60."""


async def drive(
    session: Session, call: Action, context: Context, *, report: Report | None = None, deadline: float | None = None
) -> Result:
    """The recipe's result, or, when time runs out at a Wait, what to go on with."""
    until = deadline or time.monotonic() + DEADLINE
    steps = call.steps(context)
    answer: Any = None
    try:
        while True:
            step = await _next(steps, answer)
            if isinstance(step, Wait) and time.monotonic() + step.seconds > until:
                steps.close()
                return _unfinished(step)
            answer = await _do(session, context, step, report)
    except StopAsyncIteration as end:
        result: Result = end.args[0]
        return result


async def _next(steps: Steps, answer: Any) -> Request | Wait | Progress:
    """The next step; an error becomes an exception inside the recipe."""
    try:
        return steps.throw(answer) if isinstance(answer, ApiError) else steps.send(answer)
    except StopIteration as end:
        raise StopAsyncIteration(end.value) from None


async def _do(session: Session, context: Context, step: Request | Wait | Progress, report: Report | None) -> Any:
    if isinstance(step, Wait):
        return await asyncio.sleep(step.seconds)
    if isinstance(step, Progress):
        return await report(step) if report else None
    try:
        return await session.send(step, context.account)
    except ApiError as error:
        return error


def _unfinished(wait: Wait) -> Result:
    again = ", ".join(f"{name}={value}" for name, value in wait.resume.items())
    return Result(
        {"status": "PENDING", **wait.resume},
        {"pending": True, "warnings": [f"not finished yet; call again with {again}" if again else "not finished yet"]},
    )
