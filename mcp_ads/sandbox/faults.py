"""What goes wrong on demand: throttling, server errors, cut connections, dead tokens, broken answers.

A fault is asked for over the control route (`POST /_sandbox/faults`) or, for one request, by the header
`X-Sandbox-Fault: kind;key=value`. A kind or a key that there is not is refused with 400. Its fields:

kind          429 | throttle | quota (LinkedIn: of the day) | 500 | 500-throttle (a throttle so told) |
              503 | 400-html | 401-html | 404-html | 429-html | 502-html | 400-json (a gateway's) | slow |
              cut | foreign-error (200 with somebody's error) | empty-object (200 with {}) |
              truncated (half the body, with a length that fits) | empty (200 without a body) | wrong-type
              (200 with a page, or text) | redirect | corrupt-gzip (an answer or a file that is packed and
              damaged) | expired-token (times 2: a second 401 in a row) | revoked-token | report-fails |
              report-slow | report-never | page-expired (the token of a later page is refused) |
              page-repeats (a later page is the first one again) |
              page-ends (a later page does not say that there is one after it) |
              mixed (of a batch some are refused) | too-much | batch-null | usage | no-product | hidden |
              fresh-token (LinkedIn's: what an app lacks, a token seconds old)
when          before (default: nothing was done) | after (it was carried out, then its answer is lost; the
              default of cut, truncated, corrupt-gzip; not for throttling and dead tokens: what was refused
              was not carried out)
platform      facebook_marketing | linkedin_ads | amazon_ads (default: any that has the kind)
method, path  what it applies to: an exact method, a regular expression searched for in the path; a refusal or
              a 500 also to one request of a batch
account       the plain id of the one account it applies to: a number of the path, of the query or of Amazon's
              scope header (its token endpoint has none)
times, skip   how often (default 1; 0 means always), and how many matching requests go well before
items         places in a batch, such as 0,2: whose answers are lost, for batch-null (default: every one), or
              which are refused, for mixed (default: every second)
what          for page-repeats: page (default) | token (only the token comes again, its rows go on) | rows (it
              begins with the last five rows of the first and lacks its own last five);
              for wrong-type: html (default) | text
most          rows of a page, for too-much: larger pages fail (default 100)
percent, step for usage: how much of the limits the answers say is used, and by how much that grows with each;
              at 100 they throttle, and begin anew (Facebook tells it in headers)
of            app: it is the app's limit (default: that of the ad account)
retry_after   seconds for a Retry-After header · seconds  for slow ones · code  the platform's own error code
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import broken_answers as broken
from .broken_answers import FIXED, SPOILT, UNDONE, fixed, from_the_start, token_of
from .fault_kinds import KINDS, PLATFORMS, WHOLE, Fault, mistakes
from .store import Store

__all__ = ["OF_A_PART", "PLATFORMS", "REFUSALS", "Asked", "Fault", "FaultMiddleware", "ask_for", "take"]

Answer = Callable[[Fault], Response]
CUT = "the sandbox cut this connection on request"
ORDERS = ("report-fails", "report-slow", "report-never")
INSIDE = (*ORDERS, "batch-null", "usage", "mixed")
"""Faults that the platform itself brings about while it answers."""
OF_PAGES = ("page-expired", "page-repeats", "page-ends")
REFUSALS = ("429", "429-html", "throttle", "quota", "expired-token", "revoked-token", "page-expired")
SCOPE = "amazon-advertising-api-scope"
OF_A_PART = ("429", "throttle", "expired-token", "revoked-token", "500", "503")
"""What may go wrong with one request of a batch and leave the others as they are."""
BATCHES = {
    "facebook_marketing": re.compile(r"(?i)POST (/v\d+\.0)?/?$"),
    "linkedin_ads": re.compile(r"(?i).* BATCH_(?!GET)"),
    "amazon_ads": re.compile(r"(?i)(POST|PUT|DELETE) (?!/auth/|/reporting/).*(?<!/list)$"),
}
"""What a request is whose items may be refused one by one: its method, path and Rest.li method."""
GRAPH_CHANGE = re.compile(r'"method":\s*"(POST|DELETE)"')
ORDERED = re.compile(r"/(insights|reports|export|advideos|videos)$")


@dataclass(frozen=True)
class Asked:
    """A request as far as it decides what may befall it.

    `about` is what beside the path may say whose it is, `rows` how many a page is to have, `token` of a
    later page.
    """

    method: str
    path: str
    about: str = ""
    rows: int = 0
    token: str = ""
    is_batch: bool = False


class FaultMiddleware:
    """Stands before one platform; `answer` spells a fault the way that platform would."""

    def __init__(self, app: ASGIApp, *, platform: str, store: Store, answer: Answer) -> None:
        self.app, self.platform, self.store, self.answer = app, platform, store, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        self.store.note_request(self.platform, request.method, request.url.path)
        fault = _from_header(request)
        if fault and (wrong := mistakes({"platform": self.platform, **fault})):
            return await JSONResponse({"sandbox": "; ".join(wrong)}, 400)(scope, receive, send)
        body = b""
        if fault or self.store.all("sandbox.fault"):
            body = await Request(scope, receive).body()
            receive = _once(body)
        asked = self._asked(request, body)
        fault = fault or take(self.store, self.platform, asked)
        if fault is None or fault["kind"] in INSIDE:
            scope.setdefault("state", {})["fault"] = fault
            return await self.app(scope, receive, send)
        return await self._break({**fault, "at": scope["path"]}, asked, body, scope, send)

    def _asked(self, request: Request, body: bytes) -> Asked:
        method, path, query = request.method, request.url.path, request.url.query
        told = f"{method} {path} {request.headers.get('x-restli-method', '')}".strip()
        return Asked(
            method,
            path,
            about=f"{unquote(query)} {request.headers.get(SCOPE, '')}",
            rows=_rows(request),
            token=token_of(query, body.decode("latin-1")),
            is_batch=BATCHES[self.platform].match(told) is not None and _changes(self.platform, body),
        )

    async def _break(self, fault: Fault, asked: Asked, body: bytes, scope: Scope, send: Send) -> None:
        kind, receive = fault["kind"], _once(body)
        after = fault.get("when", "after" if kind in ("cut", *SPOILT) else "before") == "after"
        if kind in ("page-repeats", "page-ends"):
            await self._repeat(fault, asked, body, scope, send)
        elif kind == "slow":
            await self._slow(float(fault.get("seconds", 5)), scope, receive, send, after=after)
        elif kind == "cut" and not after:
            raise ConnectionAbortedError(CUT)
        elif kind == "cut":
            await self.app(scope, receive, _cutting(send))
        elif kind in SPOILT:
            answer = await self._answered(scope, receive) if after else UNDONE
            await broken.spoilt(fault, answer)(scope, receive, send)
        else:
            if after and kind not in REFUSALS:
                await self._answered(scope, receive)
            own = {**fault, "kind": kind.removeprefix("500-")}
            response = fixed(fault) if kind in FIXED else self.answer(own)
            response.status_code = 500 if own["kind"] != kind else response.status_code
            await _with_retry_after(response, fault)(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive) -> list[Message]:
        """The platform's answer, which nobody has seen yet."""
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await self.app(scope, receive, keep)
        return kept

    async def _repeat(self, fault: Fault, asked: Asked, body: bytes, scope: Scope, send: Send) -> None:
        if fault["kind"] == "page-ends" or fault.get("what") == "token":
            answer = await self._answered(scope, _once(body))
            token = "" if fault["kind"] == "page-ends" else unquote(asked.token)
            return await broken.repeated(answer, token)(scope, _once(b""), send)
        first = from_the_start(body.decode("latin-1")).encode("latin-1")
        query = from_the_start(scope["query_string"].decode("latin-1")).lstrip("&").encode("latin-1")
        length = (b"content-length", str(len(first)).encode())
        headers = [pair if pair[0] != b"content-length" else length for pair in scope["headers"]]
        earlier = {**scope, "query_string": query, "headers": headers}
        if fault.get("what") != "rows":
            return await self.app(earlier, _once(first), send)
        before = await self._answered(earlier, _once(first))
        own = await self._answered(scope, _once(body))
        return await broken.overlapping(before, own)(scope, _once(b""), send)

    async def _slow(self, seconds: float, scope: Scope, receive: Receive, send: Send, *, after: bool) -> None:
        kept = await self._answered(scope, receive) if after else []
        await asyncio.sleep(seconds)
        for message in kept:
            await send(message)
        if not after:
            await self.app(scope, receive, send)


def ask_for(store: Store, fault: Fault) -> str:
    """Have a fault befall one of the next requests; its number. Raises ValueError for one that cannot be."""
    if wrong := mistakes(fault):
        raise ValueError("; ".join(wrong))
    number = store.new_id("sandbox.fault", 0)
    counts = {key: int(fault[key]) for key in WHOLE if key in fault}
    store.put("sandbox.fault", number, {**fault, **counts, "id": number})
    return number


def take(store: Store, platform: str, asked: Asked, kinds: tuple[str, ...] = ()) -> Fault | None:
    """The first fault waiting for this request, of these kinds if any are named, used up by one."""
    if not store.all("sandbox.fault"):
        return None
    with store.transaction():
        for fault in store.all("sandbox.fault"):
            if not _applies(fault, platform, asked) or (kinds and fault["kind"] not in kinds):
                continue
            if "account" in fault and not _is_of(fault["account"], f"{asked.path} {asked.about}"):
                continue
            if fault.get("skip", 0) > 0:
                store.put("sandbox.fault", fault["id"], {**fault, "skip": fault["skip"] - 1})
                return None
            _use_up(store, fault)
            return fault
    return None


def _use_up(store: Store, fault: Fault) -> None:
    times = fault.get("times", 1)
    if times == 1:
        store.delete("sandbox.fault", fault["id"])
    elif times > 1:
        store.put("sandbox.fault", fault["id"], {**fault, "times": times - 1})


def _applies(fault: Fault, platform: str, asked: Asked) -> bool:
    kind = fault["kind"]
    return (
        platform in KINDS[kind]
        and fault.get("platform", platform) == platform
        and fault.get("method", asked.method) == asked.method
        and re.search(fault.get("path", ""), asked.path) is not None
        and (kind != "too-much" or asked.rows > int(fault.get("most", 100)))
        and (kind not in OF_PAGES or asked.token != "")
        and (kind not in ORDERS or (asked.method == "POST" and ORDERED.search(asked.path) is not None))
        and (kind != "mixed" or asked.is_batch)
    )


def refused_places(fault: Fault | None, total: int) -> set[int]:
    """The places of a batch that a fault `mixed` refuses."""
    if not fault or fault["kind"] != "mixed":
        return set()
    named = str(fault.get("items") or "")
    return {int(place) for place in named.split(",")} if named else set(range(1, total, 2))


def _changes(platform: str, body: bytes) -> bool:
    """Whether a batch changes something: Facebook's may read, or only check."""
    sent = unquote(body.decode("latin-1"))
    return platform != PLATFORMS[0] or (GRAPH_CHANGE.search(sent) is not None and "validate_only" not in sent)


def _is_of(account: object, said: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(str(account))}(?!\d)", said) is not None


def _rows(request: Request) -> int:
    """How many rows a page is to have."""
    text = request.query_params.get("limit", "")
    return int(text) if text.isdecimal() else 25


def _from_header(request: Request) -> Fault | None:
    text = request.headers.get("x-sandbox-fault")
    if not text:
        return None
    kind, *rest = text.split(";")
    pairs = (setting.partition("=") for setting in rest)
    return {"kind": kind.strip(), **{key.strip(): value.strip() for key, _, value in pairs}}


def _with_retry_after(response: Response, fault: Fault) -> Response:
    if "retry_after" in fault:
        response.headers["Retry-After"] = str(fault["retry_after"])
    return response


def _cutting(send: Send) -> Send:
    """Announces the whole body, sends half of it and then nothing more."""

    async def cut(message: Message) -> None:
        if message["type"] != "http.response.body":
            return await send(message)
        body = message.get("body", b"")
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        raise ConnectionAbortedError(CUT)

    return cut


def _once(body: bytes) -> Receive:
    """A request's body, which was read already, and then nothing more."""
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return rest.pop() if rest else {"type": "http.disconnect"}

    return receive
