"""How the change history is asked for: page after page, and for many objects by tens at once.

Facts: Amazon's Change history specification; which of two forms its pages have and how often it throttles is
what public clients of it have met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.core import Request, Several, Wait
from mcp_ads.core.outline import Steps
from mcp_ads.errors import ApiError, PlatformDown, RateLimited

Json = dict[str, Any]
COUNT, MOST_PAGES, MOST_BY_OFFSET = 200, 25, 10_000
SECONDS = 10**11
"""Unix times below this are seconds, and milliseconds above."""
PATIENCE = 15.0
SLOW = "Amazon throttles its change history often: call again in two minutes, or for one campaign_id"


@dataclass
class Found:
    """The events of all requests, the newest first; which requests were not answered, and by what.

    Where pages are missing, `cut` says why, and `whole_since` is the event from which on none is.
    """

    events: list[Json] = field(default_factory=list)
    lost: dict[int, ApiError] = field(default_factory=dict)
    cut: str = ""
    whole_since: Json = field(default_factory=dict)


def of_all(requests: Sequence[Request]) -> Steps[Found]:
    """The events of several requests, each of them asked again where Amazon asks to slow down at once.

    Raises the error of what was refused, or of one where none was answered.
    """
    answers = yield from _asked(requests)
    if slow := {index: one for index, one in enumerate(answers) if isinstance(one, RateLimited)}:
        yield Wait(max(PATIENCE, *(error.retry_after for error in slow.values())))
        again = yield from _asked([requests[index] for index in slow])
        for index, answer in zip(slow, again, strict=True):
            answers[index] = answer
    found = Found()
    for index, (request, answer) in enumerate(zip(requests, answers, strict=True)):
        if isinstance(answer, RateLimited | PlatformDown):
            found.lost[index] = answer
        elif isinstance(answer, ApiError):
            raise answer
        else:
            events, cut = yield from every_event(request, answer)
            found.events += events
            if cut and (not found.cut or moment_of(events[-1]) > moment_of(found.whole_since)):
                found.cut, found.whole_since = cut, events[-1]
    if len(found.lost) == len(requests):
        error = found.lost[0]
        if isinstance(error, RateLimited):
            error.fix = "; ".join(filter(None, [SLOW, error.fix]))
        raise error
    if len(requests) > 1:
        found.events.sort(key=moment_of, reverse=True)
    return found


def _asked(requests: Sequence[Request]) -> Steps[list[Any]]:
    """The answer or the ApiError of each."""
    if len(requests) > 1:
        return [*(yield Several(requests))]
    try:
        return [(yield requests[0])]
    except ApiError as error:
        return [error]


def moment_of(event: Mapping[str, Any]) -> float:
    """When an event was, in milliseconds; 0 where it does not say."""
    try:
        at = float(event.get("timestamp") or 0)
    except (TypeError, ValueError):
        return 0.0
    return at if at > SECONDS else at * 1000


def every_event(first: Request, answer: Any = None) -> Steps[tuple[list[Json], str]]:
    """The events of all pages, each once, and why they are not all there are; empty when they are.

    `answer` is the first page, where it was asked for already. Pages go on by a token, or by their number
    where there is none; one that has nothing new is the last.
    """
    asked, found, seen = first, list[Json](), set[str]()
    for page in range(MOST_PAGES):
        try:
            answer = (yield asked) if page or answer is None else answer
        except (RateLimited, PlatformDown) as error:
            if found:
                return found, str(error)
            raise
        events = answer.get("events") if isinstance(answer, dict) else None
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise PlatformDown("the answer has something else where its events should be")
        fresh = [event for event in events if str(event) not in seen]
        seen |= {*map(str, events)}
        found += events if fresh else []
        onward = _next(first, asked, answer, len(seen)) if fresh else None
        if onward is None:
            return found, ""
        asked = onward
    return found, f"{MOST_PAGES * COUNT:,} events are the most that are read"


def _next(first: Request, asked: Request, answer: Json, read: int) -> Request | None:
    """The request for the page after this one; None after the last."""
    if token := answer.get("nextToken"):
        return first.with_body(nextToken=token)
    assert isinstance(asked.body, Mapping)
    page, last = int(asked.body.get("pageOffset", 0)) + 1, answer.get("maxPageNumber")
    total = answer.get("totalRecords", answer.get("totalResults"))
    if (total is None and last is None) or (total is not None and read >= int(total)):
        return None
    if (last is not None and page > int(last)) or (page + 1) * COUNT > MOST_BY_OFFSET:
        return None
    return first.with_body(pageOffset=page)
