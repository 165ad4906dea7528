"""LinkedIn's spelling: Rest.li in the query, JSON in the body, new ids in a header, long queries by POST."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from mcp_ads.core import GET, POST, Cursor, Reply, Request, Route, Wire, dig
from mcp_ads.core.bodies import Credentials
from mcp_ads.core.paginators import Offset
from mcp_ads.core.pauses import retry_after
from mcp_ads.core.usage import Usage
from mcp_ads.errors import NotFound, PlatformDown, RateLimited, Rejected

from . import batches, restli
from .fixes import DEFAULT_VERSION, HIDDEN_FIXES
from .refusals import DATA_THROTTLE, error_of, is_data, is_documented, used_up

VERSION = DEFAULT_VERSION
PROTOCOL = "2.0.0"
METHOD = "X-RestLi-Method"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MULTI_STATUS = 207
OK = 200
"""To a single change LinkedIn answers this only with what became of it: without that, nobody knows."""
DONE = (OK, 201, 204, MULTI_STATUS)
MADE, CHANGED, ANSWERED, PUT_THERE = (201,), (200, 204), (200, MULTI_STATUS), (200, 201, 204)
"""What comes of a create, of a change or removal, of a batch or an action (those two say it in the body), of
what is put under a key of ours.
"""
SENT, SHUT, SILENT = (200, 201), (403, 404, 410), ("finalizeUpload",)
"""What comes of a file that was sent to the address for it, and once that is none any more; actions that have
nothing to say.
"""
MOST_QUERY = 4000
"""Characters of a query in the URL; LinkedIn's own clients tunnel longer ones."""
CURSOR = Cursor("metadata.nextPageToken", "pageToken", size="pageSize", most=500)


@dataclass(frozen=True)
class WholePages(Cursor):
    """Always the largest page: /adAccounts does not take a page token together with a search."""

    def sized(self, request: Request, rows: int) -> Request:  # noqa: ARG002
        return super().sized(request, self.most)


@dataclass(frozen=True)
class LinkedPages(Offset):
    """The older lists: an answer links to the next page while there is one, or says how many there are.

    Some answer everything at once, however much was asked for.
    """

    def token(self, request: Request, answer: Any) -> str | None:
        paging = answer.get("paging") if isinstance(answer, dict) else None
        links, total, count = (dig(paging, name) for name in ("links", "total", "count"))
        rows, asked = len(dig(answer, self.rows) or []), int(request.query[self.size])
        step = min(asked, count) if type(count) is int and count > 0 else asked
        after = int(request.query[self.start]) + max(step, rows)
        if isinstance(links, list) and any(dig(link, "rel") == "next" for link in links):
            return str(after)  # whatever it has: those the member may not see are left out of a page
        if type(total) is int:
            return str(after) if rows and after < total else None
        if isinstance(links, list) and rows != asked:
            return None
        return super().token(request, answer)  # a full page that says nothing of what follows


OFFSET = LinkedPages("start", "count", "elements")


@dataclass(frozen=True)
class RestliDialect:
    """`version` is the month of the API, such as 202607."""

    version: str = VERSION

    def encode(self, request: Request) -> Wire:
        if request.parts:
            request = batches.whole(request)
        if isinstance(request.body, Credentials):
            return Wire(request.method, request.path, {"Content-Type": FORM}, request.body.content)
        url, query = f"/rest{request.path}", restli.query(request.query)
        body = None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode()
        headers = {"LinkedIn-Version": self.version, "X-Restli-Protocol-Version": PROTOCOL, **request.headers}
        if len(query) > MOST_QUERY:
            return _tunnelled(request.method, url, headers, query, body)
        if body is not None:
            headers["Content-Type"] = JSON
        return Wire(request.method, f"{url}?{query}" if query else url, headers, body)

    def decode(self, reply: Reply) -> Any:
        if reply.asked and reply.asked.absolute and reply.status in (*SENT, *SHUT):
            return _sent(reply)
        answer = _json(reply)
        if reply.status >= 400:  # noqa: PLR2004
            error = answer if isinstance(answer, dict) else {}
            action = str(reply.change.query.get("action", "")) if reply.change else ""
            refusal = error_of(error, reply.status, _request_id(reply), self.version, action)
            refusal.own = is_documented(answer, reply.status, reply.headers)
            if reply.asked and isinstance(refusal, NotFound):
                refusal.fix = HIDDEN_FIXES.get(reply.asked.path) or refusal.fix
            raise used_up(refusal, reply.headers) if isinstance(refusal, RateLimited) else refusal
        if reply.asked and reply.asked.parts:
            asked, own = _request_id(reply), self.version
            return batches.parted(answer, reply, lambda error, status: error_of(error, status, asked, own))
        if not _documented(reply):
            raise PlatformDown(
                f"HTTP {reply.status} is no answer LinkedIn documents",
                status=reply.status,
                request_id=_request_id(reply),
            )
        if reply.asked and reply.asked.headers.get(METHOD) == "BATCH_GET":
            batches.check_read(answer, reply, _request_id(reply))
        if reply.change and reply.change.headers.get(METHOD) == "BATCH_CREATE":
            batches.check_made(answer, reply, _request_id(reply))
        made = reply.headers.get("x-restli-id") or reply.headers.get("x-linkedin-id")
        if made:
            return {**(answer if isinstance(answer, dict) else {}), "id": restli.decode(made)}
        return _with_plain_keys(answer) if isinstance(answer, dict) else answer

    def wait(self, reply: Reply) -> float:
        """Seconds to pause: LinkedIn documents no header for it, only the window of its data throttle."""
        if after := retry_after(reply.headers):
            return after
        throttled = reply.status == 429 and is_data(reply.content.decode(errors="replace"))  # noqa: PLR2004
        return DATA_THROTTLE if throttled else 0.0

    def used(self, reply: Reply) -> list[Usage]:  # noqa: ARG002 - LinkedIn tells nothing of its limits beforehand
        return []

    def warnings(self, reply: Reply) -> list[str]:  # noqa: ARG002
        return []


def FINDER(path: str) -> Route:  # noqa: N802 - reads as the Rest.li method it is
    return GET(path, **{METHOD: "FINDER"})


def PATCH(path: str) -> Route:  # noqa: N802
    return POST(path, **{METHOD: "PARTIAL_UPDATE"})


def batch_get(path: str, ids: list[str], **query: Any) -> Request:
    """Several objects of one collection; the answer has them under `results` by id."""
    return Request("GET", path, {"ids": ids, **query}, headers={METHOD: "BATCH_GET"})


def _sent(reply: Reply) -> dict[str, str]:
    """What is told of a file that was sent: the tag of a part. Raises Rejected where it went nowhere."""
    if reply.status in SHUT:
        raise Rejected(
            "LinkedIn takes nothing any more at the address it gave for the file",
            status=reply.status,
            request_id=_request_id(reply),
            own=True,
            fix="make the plan again: such an address is for some hours",
        )
    tag = reply.headers.get("etag", "").removeprefix("W/").strip('"')
    return {"etag": tag} if tag else {}


def _documented(reply: Reply) -> bool:
    """Each way of changing something has statuses of its own."""
    if asked := reply.change:
        if asked.absolute:
            return False
        if asked.query.get("action") in SILENT:
            return reply.status in ANSWERED
        method = asked.headers.get(METHOD, "")
        if method.startswith("BATCH_") or "action" in asked.query:
            return reply.status in ANSWERED and bool(reply.content)
        if reply.status == OK and not _json(reply):
            return False
        if asked.method == "PUT":
            return reply.status in PUT_THERE
        return reply.status in (CHANGED if method or asked.method == "DELETE" else MADE)
    return reply.status in DONE and not (reply.status == MULTI_STATUS and not reply.content)


def _json(reply: Reply) -> Any:
    """The body; a failure may come as HTML, which says nothing worth quoting."""
    try:
        return json.loads(reply.content or b"{}")
    except ValueError:
        if reply.status >= 400:  # noqa: PLR2004
            return {}
        raise PlatformDown(
            "the answer is not JSON", status=reply.status, request_id=_request_id(reply)
        ) from None


def _with_plain_keys(answer: dict[str, Any]) -> dict[str, Any]:
    """A batch answer with its maps by plain ids: LinkedIn escapes the URNs there."""
    if not isinstance(answer.get("results"), dict):
        return answer
    maps = {
        name: answer[name] for name in ("results", "errors", "statuses") if isinstance(answer.get(name), dict)
    }
    return {
        **answer,
        **{name: {restli.decode(key): value for key, value in found.items()} for name, found in maps.items()},
    }


def _tunnelled(method: str, url: str, headers: dict[str, str], query: str, body: bytes | None) -> Wire:
    """A query too long for the URL travels in the body of a POST, before the body if there is one."""
    headers["X-HTTP-Method-Override"] = method
    if body is None:
        return Wire("POST", url, {**headers, "Content-Type": FORM}, query.encode())
    mark = hashlib.sha256(query.encode() + body).hexdigest()[:24]
    parts = b"".join(
        f"--{mark}\r\nContent-Type: {kind}\r\n\r\n".encode() + text + b"\r\n"
        for kind, text in ((FORM, query.encode()), (JSON, body))
    )
    headers["Content-Type"] = f"multipart/mixed; boundary={mark}"
    return Wire("POST", url, headers, parts + f"--{mark}--".encode())


def _request_id(reply: Reply) -> str:
    """Both marks by which LinkedIn's support finds a call."""
    marks = {name: reply.headers.get(name, "") for name in ("x-li-request-id", "x-li-uuid")}
    return " ".join(f"{name}={mark}" for name, mark in marks.items() if mark)
