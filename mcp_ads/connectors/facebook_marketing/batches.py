"""Graph's batch: up to 50 requests in one POST, each with an answer of its own, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mcp_ads.core import Reply, Request
from mcp_ads.core.bundles import Bundle, answer_of
from mcp_ads.errors import PlatformDown

MOST, MOST_NEW_ADS = 50, 10
"""Facebook advises no more than ten ads to be made in one."""
LATE = "the answer to this one did not come in time"


def bundle(request: Request) -> Bundle | None:
    """Any requests of one risk whose parameters are plain values; Facebook counts each of them."""
    plain = request.body is None or isinstance(request.body, Mapping)
    if not plain or request.into_file or not request.path.startswith("/"):
        return None
    makes_ads = request.risk != "read" and request.path.endswith("/ads")
    return Bundle(
        (request.risk, request.repeatable, makes_ads), MOST_NEW_ADS if makes_ads else MOST, counted=True
    )


def spelled(parts: Sequence[Request], form: Callable[[Any], str]) -> dict[str, Any]:
    """The one form in which several requests travel; their versions are the batch's."""
    return {"batch": list(_items(parts, form)), "include_headers": "false"}


def _items(parts: Sequence[Request], form: Callable[[Any], str]) -> Iterator[dict[str, str]]:
    for part in parts:
        query = f"?{form(part.query)}" if part.query else ""
        body = {} if part.body is None else {"body": form(part.body)}
        yield {"method": part.method, "relative_url": f"{part.path[1:]}{query}", **body}


def parted(answer: Any, reply: Reply, parts: Sequence[Request], decode: Callable[[Reply], Any]) -> list[Any]:
    """What each was answered. An absent one took too long, and may have been carried out all the same."""
    if not isinstance(answer, list) or len(answer) != len(parts):
        raise PlatformDown("the answer has not one entry for each request", status=reply.status)
    return [
        answer_of(lambda part=part, entry=entry: _one(entry, reply, part, decode))  # type: ignore[misc]
        for part, entry in zip(parts, answer, strict=True)
    ]


def _one(entry: Any, reply: Reply, part: Request, decode: Callable[[Reply], Any]) -> Any:
    if entry is None:
        raise PlatformDown(LATE, status=reply.status)
    status, content = entry["code"], entry["body"]
    if type(status) is not int or not isinstance(content, str):
        raise PlatformDown(LATE, status=reply.status)
    return decode(replace(reply, status=status, content=content.encode(), asked=part))
