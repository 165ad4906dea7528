"""A write of several requests carried out: each part as it was agreed to, written down, and sent once."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Aside, Part, Progress, Request, Result, Several, Wait, Write, dig
from mcp_ads.core.outline import each, fits, nested
from mcp_ads.core.recipe import Report
from mcp_ads.engine.changes.sent import PARTLY, Sent
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.departures import watching
from mcp_ads.engine.wire.flows import advance
from mcp_ads.engine.wire.gathering import at_once
from mcp_ads.engine.wire.transport import UNCHANGED
from mcp_ads.errors import (
    AdsError,
    ApiError,
    CallError,
    NoRecord,
    OutcomeUnknown,
    PartlyDone,
    PlatformDown,
    Rejected,
    StalePlan,
)

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

LATEST = 10.0
"""Seconds a request may run beyond the call's time; then its outcome is unknown, and clients still listen."""
MOST_KEPT, MOST_LISTED = 4_000, 400_000
"""Characters of a value of an answer, and of a list of them, such as where each range of a file goes."""
OTHERWISE = "this version would send another request than the plan says"
WriteDown = Callable[[int, str, Mapping[str, Any]], None]
"""Writes down the number of a part, its state, and what is kept of its answer. Raises NoRecord."""


class Unfinished(AdsError):
    """Some requests of a write are done, and the others can follow in another call."""


@dataclass
class Way:
    """How far a call may go, and what of it is told and written down on the way."""

    write_down: WriteDown = lambda *_: None
    out_of_time: Callable[[], bool] = lambda: False
    report: Report | None = None


async def in_time(sending: Awaitable[Any]) -> Any:
    """Await an answer for as long as the call has left. Raises OutcomeUnknown when the request may have
    arrived without one.
    """
    with watching() as departed:
        try:
            async with asyncio.timeout(left() + LATEST):
                return await sending
        except AdsError:
            raise
        except TimeoutError:
            if departed:
                raise OutcomeUnknown.because("no answer in time") from None
            what = "the call's time was over before this could be sent"
            raise PlatformDown(what, fix="call again in a minute") from None
        except Exception as broken:  # noqa: BLE001 - whatever breaks once it has left, it may have arrived
            raise OutcomeUnknown.because(type(broken).__name__) from None


async def carry(session: Session, step: Step, call: Write, way: Way) -> Any:
    """What the call's flow ends with. Raises AdsError; Unfinished when it goes on in another call, PartlyDone
    when what follows is refused.

    What earlier calls have sent is not sent again: the flow is given the answers that were kept.
    """
    flow, course = call.flow(session.context(step.owner)), _Course(session, step, call.outline(), way)
    try:
        item = advance(flow, None)
        while not isinstance(item, Result):
            item = advance(flow, await course.do(item))
    except AdsError as error:
        if not step.sent or error.sent == "unknown" or isinstance(error, CallError | Unfinished | PartlyDone):
            raise
        said = str(error).removesuffix(UNCHANGED)
        if not isinstance(error, Rejected):
            raise Unfinished(f"{type(error).__name__}: {said}", fix=error.fix) from None
        some = "; ".join(sent.kept[PARTLY] for sent in step.sent if PARTLY in sent.kept)
        done = f"{len({sent.part for sent in step.sent})} of {len(step.requests)} requests were done"
        done += f" ({some})" if some else ""
        raise PartlyDone.of(error, f"{done}, the next was refused: {said}") from None
    finally:
        flow.close()
    return item.data


@dataclass
class _Course:
    """Where a flow is: the part it is at, what answers gave, and how many it has met of those sent before."""

    session: Session
    step: Step
    outline: tuple[Part, ...]
    way: Way
    at: int = 0
    met: int = 0
    sent_now: bool = False
    refused: bool = False
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.earlier = len(self.step.sent)

    async def do(self, item: Request | Several | Wait | Progress | Aside) -> Any:
        """What the flow is given for what it yields: an answer, an error to raise in it, or nothing."""
        if isinstance(item, Wait):
            return await self._wait(item.seconds)
        if isinstance(item, Progress):
            return await self._tell(item)
        if isinstance(item, Aside):
            return await self.session.aside(item)
        if isinstance(item, Several):
            return await at_once(self.session, item.requests, self.step.owner)
        if item.risk == "read":
            return (await at_once(self.session, [item], self.step.owner))[0]
        try:
            return await self._part(item)
        except _Refused as refusal:
            return refusal.error

    async def _wait(self, seconds: float) -> None:
        if seconds >= left() or (self.step.sent and self.way.out_of_time()):
            raise Unfinished("the platform is not ready yet")
        await asyncio.sleep(seconds)

    async def _tell(self, progress: Progress) -> None:
        if self.way.report:
            with contextlib.suppress(Exception):  # a client that is gone must not stop what it has asked for
                await self.way.report(progress)

    async def _part(self, request: Request) -> Any:
        number = self._number(request)
        if (again := self._met(number)) is not None:
            return again
        if self.sent_now and self.way.out_of_time():
            raise Unfinished("the call's time is over")
        part, sent = self.outline[number - 1], Sent(number)
        self.way.write_down(number, "sending", {})
        self.step.sent.append(sent)
        self.sent_now = True
        try:
            answer = await in_time(self.session.send(request, self.step.owner))
            sent.kept = _kept(part, answer)
        except PartlyDone as some:  # what it did is done, and the flow knows whether it goes on
            answer, sent.kept = some, {PARTLY: str(some)}
        except AdsError as error:
            raise self._unsent(part, error) from None
        sent.state = "done"
        self._keep(sent)
        with contextlib.suppress(
            NoRecord
        ):  # then the next part cannot be written down either, and is not sent
            self.way.write_down(number, "done", sent.kept)
        return answer

    def _number(self, request: Request) -> int:
        """The number of the part a request is: the next one, or the same again where that may be."""
        same = self.at > 0 and (self.refused or self.outline[self.at - 1].repeats)
        for number in (self.at, self.at + 1) if same else (self.at + 1,):
            if number <= len(self.outline) and fits(self.outline[number - 1], request, self.kept):
                self.at, self.refused = number, False
                return number
        raise StalePlan(OTHERWISE, fix="make the plan again")

    def _met(self, number: int) -> dict[str, Any] | PartlyDone | None:
        """The kept answer to a part that was sent in an earlier call; None when it is to be sent."""
        if self.met >= self.earlier:
            return None
        sent = self.step.sent[self.met]
        if sent.part != number:
            raise StalePlan(OTHERWISE, fix="make the plan again")
        if sent.state == "sending":  # it does nothing twice, or the step would be unknown
            self.step.sent.pop()
            self.earlier -= 1
            return None
        self.met += 1
        self._keep(sent)
        return PartlyDone(sent.kept[PARTLY]) if PARTLY in sent.kept else nested(sent.kept)

    def _keep(self, sent: Sent) -> None:
        """Hold what an answer gave, and of a part that repeats what each of them did."""
        before = self.kept.get(sent.part, {})
        several = {each(path): [*before.get(each(path), ()), value] for path, value in sent.kept.items()}
        self.kept[sent.part] = {**sent.kept, **several}

    def _unsent(self, part: Part, error: AdsError) -> AdsError:
        """What a part that was not answered with success raises: in the flow when it may be sent again."""
        if error.sent == "unknown" and not part.resumes:
            return error
        self.step.sent.pop()
        self.refused = True
        with contextlib.suppress(NoRecord):  # then it counts as being sent, which is more careful
            self.way.write_down(self.at, "refused", {})
        if error.sent == "unknown":
            error = PlatformDown(str(error), fix="call again: it goes on where the platform says it is")
        return _Refused(error) if isinstance(error, ApiError) else error


class _Refused(AdsError):
    """An error that is raised in the flow, which may know better."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(str(error))
        self.error = error


def _kept(part: Part, answer: Any) -> dict[str, Any]:
    """The values of an answer that a part keeps. Raises OutcomeUnknown when the answer lacks one."""
    kept = {path: dig(answer, path) for path in part.keep}
    if odd := [path for path, value in kept.items() if not _can_be_kept(value)]:
        raise OutcomeUnknown(f"the platform answered, and not as it documents: no {', '.join(odd)}")
    return kept


def _can_be_kept(value: Any) -> bool:
    if isinstance(value, list):
        return len(json.dumps(value, default=str)) <= MOST_LISTED
    return isinstance(value, str | int) and len(str(value)) <= MOST_KEPT
