"""Amazon Ads spelling: JSON under vendor media types, pages, several error envelopes."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from mcp_ads.core import Cursor, Reply, Request, Route, Wire
from mcp_ads.core.pauses import retry_after
from mcp_ads.core.usage import Usage
from mcp_ads.errors import ApiError, NotFound, PlatformDown, Rejected

from . import batches
from .envelopes import is_documented
from .fixes import ITEM_FIXES, SCOPE_FIXES, STATUS_FIXES, refused
from .items import SENTENCES, STATUS_KINDS, fault, of_items, request_id

TOLD = "next_token"
CURSOR = Cursor("nextToken", "nextToken", size="maxResults", most=500, into="body", told=TOLD)
WHOLE_PAGES = Cursor("nextToken", "nextToken", size="", into="body", told=TOLD)
SELLER, VENDOR, AUTHOR, AGENCY = "seller", "vendor", "author", "agency"
"""Kinds of advertisers: which account's kind decides what it may say."""
SCOPE = "Amazon-Advertising-API-Scope"
ABSENT = (
    (
        422,
        r"/sp/campaigns/([0-9]+/budgetRules|budgetRules/recommendations)",
        "",
        "sponsored_product_campaigns.list shows the campaigns of a profile",
    ),
    (
        400,
        r"/sb/ads/creatives/list",
        "not found",
        "sponsored_brands_ads.list shows the ads of a profile",
    ),
)
"""Reads about one object that are refused otherwise than with 404 where there is none of that id: status,
path, a part of what is said, and where there are some.
"""
GZIP = b"\x1f\x8b"
MOST_BYTES = 512 * 2**20
SERVER = 500
CODES = ("code", "errorCode", "error")
TEXTS = ("message", "details", "detail", "description", "error_description", "errorMessage")
"""Where the families put the text of a refusal, the likeliest first."""


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
        content = batches.body(request.parts) if request.parts else request.body
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        return Wire(request.method, url, headers, body.encode())

    def decode(self, reply: Reply) -> Any:
        if reply.status >= 400:  # noqa: PLR2004
            raise _refusal(reply)
        answer = _json(reply)
        if reply.asked and reply.asked.parts:
            return batches.parted(answer, reply, reply.asked)
        return of_items(answer, reply, reply.change) if reply.change else answer

    def wait(self, reply: Reply) -> float:
        """Seconds to pause, from Retry-After; Amazon publishes no other limits."""
        return retry_after(reply.headers)

    def used(self, reply: Reply) -> list[Usage]:  # noqa: ARG002 - Amazon tells nothing of its limits beforehand
        return []

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
        asked = request_id(reply)
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


def _refusal(reply: Reply) -> ApiError:
    from .operations import housed, stranger  # only for what was refused

    answer = _envelope(reply)
    says = next((str(answer[name]) for name in TEXTS if answer.get(name)), "")
    kind = STATUS_KINDS.get(reply.status, PlatformDown if reply.status >= SERVER else Rejected)
    asked = reply.asked if reply.asked and reply.asked.risk == "read" else None
    absent = next(
        (
            there
            for status, path, words, there in ABSENT
            if asked and reply.status == status and re.fullmatch(path, asked.path, re.ASCII) and words in says
        ),
        "",
    )
    kind = NotFound if absent else kind
    listed = answer.get("errors")
    faults = [fault(error) for error in (listed if isinstance(listed, list) else ())]
    details = [
        f"{name} {reason}{f' ({where})' if where else ''}".strip() for name, reason, where, _ in faults
    ]
    path = reply.asked.path if reply.asked and not reply.asked.absolute else ""
    nowhere = stranger(reply.asked.method, path) if kind is NotFound and reply.asked and path else ""
    return kind(
        ": ".join([nowhere or SENTENCES[kind], *filter(None, [", ".join(details)])]),
        status=reply.status,
        code=str(next((answer[name] for name in CODES if answer.get(name)), "")),
        request_id=request_id(reply),
        platform_text=" ".join(dict.fromkeys(filter(None, [says, *(text for *_, text in faults)]))),
        own=is_documented(answer, reply.status),
        fix=absent or (housed(path) if nowhere else _fix(reply, says, [reason for _, reason, *_ in faults])),
    )


def _envelope(reply: Reply) -> Mapping[str, Any]:
    """The error's object; the gateway also answers with HTML, or with nothing."""
    try:
        answer = _json(reply)
    except PlatformDown:
        return {}
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if isinstance(answer, dict) and isinstance(answer.get("errors"), list) and len(answer) == 1:
        answer = next(iter(answer["errors"]), {})
    return answer if isinstance(answer, dict) else {}


def _fix(reply: Reply, says: str, reasons: Iterable[str]) -> str:
    known = next((fix for text, fix in SCOPE_FIXES.items() if text in says.lower()), "")
    named = next((ITEM_FIXES[reason] for reason in reasons if reason in ITEM_FIXES), "")
    known = known or named or refused(reply.status, reply.asked.path if reply.asked else "")
    return known or STATUS_FIXES.get(reply.status, "")
