"""Amazon Ads spelling: JSON under vendor media types, several error envelopes, verdicts per item in a 207."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from mcp_ads.core import Cursor, Reply, Request, Route, Wire
from mcp_ads.core.pauses import retry_after
from mcp_ads.core.statuses import TIMED_OUT
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

from .fixes import ITEM_FIXES, SCOPE_FIXES, STATUS_FIXES

CURSOR = Cursor("nextToken", "nextToken", size="maxResults", most=500, into="body")
WHOLE_PAGES = Cursor("nextToken", "nextToken", size="", into="body")
SCOPE = "Amazon-Advertising-API-Scope"
GZIP = b"\x1f\x8b"
MOST_BYTES = 512 * 2**20
DEPENDENCY, SERVER = 424, 500
TOLD = (200, 207)
"""Statuses under which the lists say what became of an item."""
TEXTS = ("message", "details", "detail", "description", "error_description", "errorMessage")
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
SENTENCES: Mapping[type[ApiError], str] = {
    AuthError: "Amazon does not accept the credentials for this",
    NotFound: "no such object, or it belongs to another profile",
    RateLimited: "Amazon asks to slow down",
    PlatformDown: "Amazon failed to answer",
    Rejected: "Amazon refused this",
}
_PLACE = re.compile(r"^\$\.\w+(\[\d+\])?\.?")


def vendor(verb: Callable[..., Route], path: str, media: str, gives: str = "") -> Route:
    """A route whose body is application/vnd.<media>+json, and its answer too unless `gives` is another."""
    route = verb(path)
    content = {} if route.method in ("GET", "DELETE") else {"Content-Type": _media(media)}
    return Route(route.method, path, {**content, "Accept": _media(gives or media)})


@dataclass(frozen=True)
class AmazonDialect:
    """Nothing to choose: versions are part of the media types."""

    def encode(self, request: Request) -> Wire:
        query = (
            "?" + urlencode({name: _text(value) for name, value in request.query.items()})
            if request.query
            else ""
        )
        url = request.path + query
        if request.body is None:
            return Wire(request.method, url, request.headers)
        headers = {"Content-Type": "application/json", **request.headers}
        body = json.dumps(request.body, separators=(",", ":"), ensure_ascii=False)
        return Wire(request.method, url, headers, body.encode())

    def decode(self, reply: Reply) -> Any:
        if reply.status >= 400:  # noqa: PLR2004
            raise _refusal(reply)
        answer = _json(reply)
        return _only_item(answer, reply)

    def wait(self, reply: Reply) -> float:
        """Seconds to pause, from Retry-After; Amazon publishes no other limits."""
        return retry_after(reply.headers)

    def warnings(self, reply: Reply) -> list[str]:  # noqa: ARG002 - Amazon puts no warnings in headers
        return []


def _media(name: str) -> str:
    return f"application/vnd.{name}+json"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(reply: Reply) -> Any:
    """The answer's JSON; report files are gzipped whatever their headers say."""
    try:
        return json.loads(_unpacked(reply.content) or b"{}")
    except (ValueError, OSError, EOFError, zlib.error):
        asked = _request_id(reply)
        raise PlatformDown("the answer is not JSON", status=reply.status, request_id=asked) from None


def _unpacked(content: bytes) -> bytes:
    """What is in a gzipped file, up to a size: a small file may hold any amount."""
    if not content.startswith(GZIP):
        return content
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise Rejected(f"the report is larger than {MOST_BYTES // 2**20} MB")
    return found


def _only_item(answer: Any, reply: Reply) -> Any:
    """What became of the one item a write carries: {"campaigns": {"success": […], "error": […]}}."""
    lists = _lists(answer, reply)
    if lists is None:
        return answer
    done, failed = _first(lists.get("success")), _first(lists.get("error"))
    if failed is not None and done is None:
        raise _item_error(failed, reply)
    if done is None or failed is not None:
        return answer
    return {name: value for name, value in done.items() if name != "index"}


def _lists(answer: Any, reply: Reply) -> dict[str, Any] | None:
    """The lists of what was done and what failed; after a change they are of its kind, about one item."""
    found = answer if isinstance(answer, dict) else {}
    if not reply.change:
        every = (each for each in found.values() if isinstance(each, dict))
        return next((each for each in every if each.keys() & {"success", "error"}), None)
    lists = found.get(_collection(reply.change.path))
    told = [lists.get(name) or [] for name in ("success", "error")] if isinstance(lists, dict) else []
    items = [each for some in told if isinstance(some, list) for each in some]
    if reply.status not in TOLD or len(items) != 1 or _first(items) is None:
        raise PlatformDown(
            "the answer does not say what became of the one item",
            status=reply.status,
            request_id=_request_id(reply),
        )
    return cast("dict[str, Any]", lists)


def _collection(path: str) -> str:
    """What a path is about, which is also the key of its answers: /sp/adGroups/delete -> adGroups."""
    return path.removesuffix("/delete").rpartition("/")[2]


def _first(items: Any) -> dict[str, Any] | None:
    """What a list says of the first item, which is the only one."""
    found = items if isinstance(items, list) else []
    return next((each for each in found if isinstance(each, dict) and str(each.get("index")) == "0"), None)


def _item_error(item: Mapping[str, Any], reply: Reply) -> ApiError:
    faults = [_fault(each) for each in item.get("errors") or [{}]]
    kind, reason = faults[0][:2]
    error = ITEM_KINDS.get(kind, Rejected)
    places = ", ".join(dict.fromkeys(where for _, _, where, _ in faults if where))
    named = ", ".join(dict.fromkeys(f"{kind} {reason}" for kind, reason, _, _ in faults))
    return error(
        f"{SENTENCES[error]}: {named}{f' ({places})' if places else ''}",
        status=reply.status,
        code=f"{kind}/{reason}",
        request_id=_request_id(reply),
        says=" ".join(dict.fromkeys(says for *_, says in faults if says)),
        fix=ITEM_FIXES.get(reason, ITEM_FIXES.get(kind, "")),
    )


def _fault(error: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Kind, reason, field and text of one of an item's errors."""
    kind = str(error.get("errorType") or "otherError")
    value = (error.get("errorValue") or {}).get(kind) or {}
    cause = value.get("cause") or {}
    where = _PLACE.sub("", str(cause.get("location") or ""))
    return (
        _word(kind),
        _word(value.get("reason") or "OTHER_ERROR"),
        _word(where),
        str(value.get("message") or ""),
    )


def _word(value: Any) -> str:
    """A name as part of our sentence: nothing but what names are made of."""
    return re.sub(r"[^\w.\[\]]", "", str(value))[:80]


def _refusal(reply: Reply) -> ApiError:
    answer = _envelope(reply)
    says = next((str(answer[name]) for name in TEXTS if answer.get(name)), "")
    kind = STATUS_KINDS.get(reply.status, PlatformDown if reply.status >= SERVER else Rejected)
    details = [
        f"{_fault(each)[0]} {_fault(each)[1]}" for each in answer.get("errors") or () if "errorType" in each
    ]
    return kind(
        ": ".join([SENTENCES[kind], *details]),
        status=reply.status,
        code=str(answer.get("code") or answer.get("errorCode") or answer.get("error") or ""),
        request_id=_request_id(reply),
        says=says,
        fix=_fix(reply.status, says),
    )


def _envelope(reply: Reply) -> Mapping[str, Any]:
    """The error's object; the gateway also answers with HTML, or with nothing."""
    try:
        answer = _json(reply)
    except PlatformDown:
        return {}
    if isinstance(answer, dict) and answer.keys() <= {"errors"} and answer.get("errors"):
        answer = answer["errors"][0]
    return answer if isinstance(answer, dict) else {}


def _fix(status: int, says: str) -> str:
    known = next((fix for text, fix in SCOPE_FIXES.items() if text in says.lower()), "")
    return known or STATUS_FIXES.get(status, "")


def _request_id(reply: Reply) -> str:
    return reply.headers.get("x-amzn-requestid") or reply.headers.get("x-amz-rid", "")
