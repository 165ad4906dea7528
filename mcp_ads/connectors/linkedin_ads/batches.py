"""Rest.li's batches: changes, creates and removals in one collection of one account, with a verdict each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from mcp_ads.core import Reply, Request
from mcp_ads.core.bundles import Bundle, answer_of
from mcp_ads.errors import ApiError, PartlyDone, PlatformDown, Rejected

from . import restli
from .restli import encode

METHOD = "X-RestLi-Method"
MOST = 50
"""Items of a batch: LinkedIn's own tools take no more, and longer lists of URNs do not fit its addresses."""
MOST_NAMED = 10
MADE, CHANGED, FAILED = 201, (200, 204), 500
_CODE = re.compile(r"[A-Z][A-Z_]{2,60}")
_PLACE = re.compile(r"(/adAccounts/[0-9]+/(?:adCampaignGroups|adCampaigns|creatives))(?:/([^/]+))?")
ErrorOf = Callable[[Mapping[str, Any], int], ApiError]
UNTOLD = "the answer does not say what became of this one"


def bundle(request: Request) -> Bundle | None:
    """Changes of one kind in one of the collections that are documented to take batches."""
    place, method = _PLACE.fullmatch(request.path), _method(request)
    if not place or request.query or not method or bool(place[2]) == (method == "BATCH_CREATE"):
        return None
    return Bundle((place[1], method), MOST)


def whole(request: Request) -> Request:
    """The batch as the one request that it is."""
    place, method = _PLACE.fullmatch(request.path), _method(request)
    assert place
    headers = {**request.headers, METHOD: method}
    if method == "BATCH_CREATE":
        body: Any = {"elements": [part.body for part in request.parts]}
        return replace(request, path=place[1], body=body, headers=headers, parts=())
    keys = list(_keys(request.parts))
    bodies = {encode(key): part.body for key, part in zip(keys, request.parts, strict=True)}
    changes = None if method == "BATCH_DELETE" else {"entities": bodies}
    return replace(request, path=place[1], query={"ids": keys}, body=changes, headers=headers, parts=())


def parted(answer: Any, reply: Reply, error_of: ErrorOf) -> list[Any]:
    """What each was answered, as a request of its own would be."""
    assert reply.asked
    asked, parts = reply.asked, reply.asked.parts
    if reply.status not in (200, 207):
        raise PlatformDown("the status is not that of a batch", status=reply.status)
    if _method(asked) == "BATCH_CREATE":
        elements = answer.get("elements") if isinstance(answer, dict) else None
        if not isinstance(elements, list) or len(elements) != len(parts):
            raise PlatformDown("the answer has not one element for each", status=reply.status)
        return [answer_of(lambda element=element: _made(element, reply, error_of)) for element in elements]  # type: ignore[misc]
    found = {name: _plain(answer, name) for name in ("results", "errors", "statuses")}
    return [
        answer_of(lambda key=key: _changed(key, found, reply, error_of))  # type: ignore[misc]
        for key in _keys(parts)
    ]


def check_read(answer: Any, reply: Reply, request_id: str) -> None:
    """See that objects read by their ids are told by id, or to be missing. Raises PlatformDown."""
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), dict):
        what = "the answer has no results by id"
        raise PlatformDown(what, status=reply.status, request_id=request_id)


def check_made(answer: Any, reply: Reply, request_id: str) -> None:
    """See that all elements of one call, if it has some, were made.

    Raises Rejected where none was, PartlyDone where some were, PlatformDown where the answer does not tell.

    What LinkedIn says of them is not repeated: they may be about people.
    """
    assert reply.asked
    body = reply.asked.body
    asked = body.get("elements") if isinstance(body, Mapping) else None
    told = answer.get("elements") if isinstance(answer, dict) else None
    known: dict[str, Any] = {"status": reply.status, "request_id": request_id}
    if not isinstance(asked, list):
        return
    if not isinstance(told, list) or len(told) != len(asked):
        raise PlatformDown("the answer has not one element for each that was sent", **known)
    statuses = [element.get("status") if isinstance(element, dict) else None for element in told]
    if strange := [at for at, status in enumerate(statuses) if type(status) is not int or status >= FAILED]:
        raise PlatformDown(f"the answer does not say what became of element {strange[0] + 1}", **known)
    lost = [(at, element) for at, element in enumerate(told) if element["status"] not in (MADE, *CHANGED)]
    if not lost:
        return
    # with their thousands apart, since place and status in one would look like a telephone number
    rows = ", ".join(f"{at + 1:,} ({_why(element)})" for at, element in lost[:MOST_NAMED])
    more = f" and {len(lost) - MOST_NAMED:,} more" if len(lost) > MOST_NAMED else ""
    if len(lost) == len(asked):
        raise Rejected(
            f"LinkedIn took none of {len(asked):,}; by their place: {rows}{more}", own=True, **known
        )
    taken = f"LinkedIn took {len(asked) - len(lost):,} of {len(asked):,}"
    fix = "mend those and send them alone: the others have come"
    raise PartlyDone(f"{taken}; not those in place {rows}{more}", fix=fix, own=True, **known)


def _why(element: Mapping[str, Any]) -> str:
    """The status of an element, with its code where that is one."""
    error = element.get("error")
    code = str(error.get("code") or "") if isinstance(error, dict) else ""
    return f"{element['status']} {code}" if _CODE.fullmatch(code) else str(element["status"])


def _method(request: Request) -> str:
    """The batch method of what a request does to one object."""
    if request.risk == "read":
        return ""
    if request.method == "DELETE":
        return "BATCH_DELETE"
    if request.headers.get(METHOD) == "PARTIAL_UPDATE":
        return "BATCH_PARTIAL_UPDATE"
    return "BATCH_CREATE" if request.method == "POST" and METHOD not in request.headers else ""


def _keys(parts: Sequence[Request]) -> Iterator[str]:
    for part in parts:
        yield unquote(part.path.rpartition("/")[2])


def _plain(answer: Any, name: str) -> dict[str, Any]:
    """One map of a batch answer by plain ids: LinkedIn escapes the URNs there."""
    found = answer.get(name) if isinstance(answer, dict) else None
    return {restli.decode(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _made(element: Mapping[str, Any], reply: Reply, error_of: ErrorOf) -> dict[str, Any]:
    status = element.get("status")
    if type(status) is int and status == MADE and element.get("id") and element.get("error") is None:
        return {"id": restli.decode(str(element["id"]))}
    raise _refusal(element.get("error"), element.get("status"), reply, error_of)


def _changed(
    key: str, found: Mapping[str, Mapping[str, Any]], reply: Reply, error_of: ErrorOf
) -> dict[str, Any]:
    result, error = found["results"].get(key), found["errors"].get(key)
    if error is None and _is_done(result) and found["statuses"].get(key) in (None, *CHANGED):
        return {}
    if result is not None and error is not None:
        raise PlatformDown(UNTOLD, status=reply.status)
    problem = error if error is not None else (result or {}).get("error")
    raise _refusal(problem, (error or result or {}).get("status"), reply, error_of)


def _is_done(result: Any) -> bool:
    """Whether a result says that this was done, and nothing beside it."""
    return (
        isinstance(result, dict)
        and type(result.get("status")) is int
        and result["status"] in CHANGED
        and result.get("error") is None
    )


def _refusal(error: Any, status: Any, reply: Reply, error_of: ErrorOf) -> ApiError:
    """What one was refused with; PlatformDown where nothing is said of it."""
    said = status if type(status) is int else (error or {}).get("status")
    if type(said) is not int or said < 400:  # noqa: PLR2004
        return PlatformDown(UNTOLD, status=reply.status)
    told = error_of(error or {}, said)
    told.own = True
    return told
