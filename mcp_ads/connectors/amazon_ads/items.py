"""Verdicts per item, in a 207 or a 200: what became of each, by its index, or its place in a bare array."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core import Reply, Request
from mcp_ads.core.statuses import REFUSED, TIMED_OUT
from mcp_ads.errors import ApiError, AuthError, NotFound, PartlyDone, PlatformDown, RateLimited, Rejected

from .fixes import ITEM_FIXES

MOST_TOLD = 10
TOLD = (200, 207)
"""Statuses under which an answer says what became of its items."""
SUCCESS = "SUCCESS"
DEPENDENCY = 424
RULES = "/budgetRules"
"""Where budget rules are changed: their answers are lists in the order of the request, and say Ok."""
ITEM_KINDS: Mapping[str, type[ApiError]] = {
    "throttledError": RateLimited,
    "internalServerError": PlatformDown,
    "entityNotFoundError": NotFound,
}
STATUS_KINDS: Mapping[int, type[ApiError]] = {
    401: AuthError,
    403: AuthError,
    404: NotFound,
    DEPENDENCY: PlatformDown,
    429: RateLimited,
    **dict.fromkeys(TIMED_OUT, PlatformDown),
}
CODE_KINDS: Mapping[str, type[ApiError]] = {
    "INVALID_ARGUMENT": Rejected,
    "NOT_FOUND": NotFound,
    "UNAUTHORIZED": AuthError,
    "ACCESS_DENIED": AuthError,
    "THROTTLED": RateLimited,
    **{str(status): STATUS_KINDS.get(status, Rejected) for status in REFUSED},
}
"""Codes of an item in a bare array that say it was refused; the specification calls them HTTP statuses."""
SENTENCES: Mapping[type[ApiError], str] = {
    AuthError: "Amazon does not accept the credentials for this",
    NotFound: "no such object, or it belongs to another profile",
    RateLimited: "Amazon asks to slow down",
    PlatformDown: "Amazon failed to answer",
    Rejected: "Amazon refused this",
}
_PLACE = re.compile(r"^\$\.\w+(\[\d+\])?\.?")
Verdict = dict[str, Any] | ApiError
"""The entry of an item that was done, or why it was not."""


def of_items(answer: Any, reply: Reply, request: Request) -> dict[str, Any]:
    """The entry of the one item a change carries, or those of several: {"items": […]}.

    Raises the error of what was not done, PartlyDone where others were, or PlatformDown where one of them is
    not told of.
    """
    count, found = _count(request.body), verdicts(answer, reply, request)
    known: dict[str, Any] = {"status": reply.status, "request_id": request_id(reply)}
    done = {index: verdict for index, verdict in found.items() if not isinstance(verdict, ApiError)}
    errors = {index: verdict for index, verdict in found.items() if isinstance(verdict, ApiError)}
    refused = "; ".join(f"items[{index}]: {error}" for index, error in [*errors.items()][:MOST_TOLD])
    if found.keys() != {*range(count)}:
        which = f"each item ({len(done)} of {count} done; not done: {refused or 'none'})"
        what = which if count > 1 else "the one item"
        raise PlatformDown(f"the answer does not say what became of {what}", **known)
    if done and errors:
        raise PartlyDone(f"PARTIAL: {len(done)} of {count} items done; not done: {refused}", **known)
    if len({type(error) for error in errors.values()}) == 1:
        raise errors[0]
    if errors:
        raise Rejected(f"none of {count} items done: {refused}", **known)
    return {"items": [done[index] for index in sorted(done)]} if count > 1 else done[0]


def _count(body: Any) -> int:
    """How many items a change carries: a list, alone or under its only name, also as what to include."""
    found = next(iter(body.values())) if isinstance(body, dict) and len(body) == 1 else body
    if isinstance(found, dict) and found.keys() == {"include"}:
        found = found["include"]
    return max(1, len(found)) if isinstance(found, list) else 1


def verdicts(answer: Any, reply: Reply, request: Request) -> dict[int, Verdict]:
    """What the answer says of each item, by its index in the request; what it does not say is left out.

    An item is told of where the answer has the documented shape, and says one thing of it. What a path names
    is answered like one item of a bare array.
    """
    if reply.status not in TOLD:
        return {}
    if request.method == "DELETE" and request.body is None:
        told_of = {} if RULES in request.path and answer == {} else _placed(answer, reply)
        return {} if told_of is None else {0: told_of}
    if isinstance(request.body, list) or RULES in request.path:
        entries = (answer.get("responses") if isinstance(answer, dict) else answer) or ()
        placed = isinstance(entries, list) and len(entries) == _count(request.body)
        other = Rejected if RULES in request.path else None
        pairs = [
            (index, _placed(entry, reply, other)) for index, entry in enumerate(entries if placed else ())
        ]
    else:
        pairs = list(_listed(answer, reply, request))
    told = Counter(index for index, _ in pairs)
    return {index: verdict for index, verdict in pairs if verdict is not None and told[index] == 1}


def request_id(reply: Reply) -> str:
    """What Amazon's support asks for."""
    return reply.headers.get("x-amzn-requestid") or reply.headers.get("x-amz-rid", "")


def _placed(entry: Any, reply: Reply, otherwise: type[ApiError] | None = None) -> Verdict | None:
    """One entry of a bare array: {"campaignId": 1, "code": "SUCCESS"}, or a code and a description.

    A code that is not known is what `otherwise` says: budget rules have no list of theirs.
    """
    code = entry.get("code") if isinstance(entry, dict) else None
    if code == SUCCESS or (code == "Ok" and entry.get("ruleId")):
        return dict(entry)
    kind = CODE_KINDS.get(str(code), otherwise if code else None)
    if kind is None:
        return None
    says = next((str(entry[name]) for name in ("description", "details") if entry.get(name)), "")
    return kind(
        f"{SENTENCES[kind]}: {code}",
        status=reply.status,
        code=str(code),
        request_id=request_id(reply),
        platform_text=says,
        fix=ITEM_FIXES.get(str(code), ""),
    )


def _listed(answer: Any, reply: Reply, request: Request) -> Iterator[tuple[int, Verdict]]:
    """The entries of {"campaigns": {"success": […], "error": […]}}, each with its index."""
    name = request.path.removesuffix("/delete").rpartition("/")[2]
    lists = answer.get(name) if isinstance(answer, dict) else None
    for told in ("success", "error"):
        entries = lists.get(told) if isinstance(lists, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            index = str(entry.get("index")) if isinstance(entry, dict) else ""
            if not (index.isascii() and index.isdigit()):
                yield -1, {}
            elif told == "error":
                yield int(index), _item_error(entry, reply)
            else:
                yield int(index), {name: value for name, value in entry.items() if name != "index"}


def _item_error(item: Mapping[str, Any], reply: Reply) -> ApiError:
    faults = [fault(error) for error in item.get("errors") or [{}]]
    kind, reason = faults[0][:2]
    error = ITEM_KINDS.get(kind, Rejected)
    places = ", ".join(dict.fromkeys(where for _, _, where, _ in faults if where))
    named = ", ".join(dict.fromkeys(f"{kind} {reason}" for kind, reason, _, _ in faults))
    return error(
        f"{SENTENCES[error]}: {named}{f' ({places})' if places else ''}",
        status=reply.status,
        code=f"{kind}/{reason}",
        request_id=request_id(reply),
        platform_text=" ".join(dict.fromkeys(says for *_, says in faults if says)),
        fix=ITEM_FIXES.get(reason, ITEM_FIXES.get(kind, "")),
    )


def fault(error: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Kind, reason, field and text of one of an item's errors."""
    kind = str(error.get("errorType") or "otherError")
    value = (error.get("errorValue") or {}).get(kind) or {}
    cause = value.get("cause") or {}
    where = _PLACE.sub("", str(cause.get("location") or ""))
    reason = _word(value.get("reason") or "OTHER_ERROR")
    return _word(kind), reason, _word(where), str(value.get("message") or "")


def _word(value: Any) -> str:
    """A name as part of our sentence: nothing but what names are made of."""
    return re.sub(r"[^\w.\[\]]", "", str(value))[:80]
