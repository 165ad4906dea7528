"""What goes wrong on demand: throttling, server errors, cut connections, dead tokens.

A fault is asked for over the control route (`POST /_sandbox/faults`) or, for one request, by the header
`X-Sandbox-Fault: kind;key=value`. Its fields:

kind          429 | throttle | quota (LinkedIn: of the day) | 500 | 503 | 502-html | slow | cut |
              expired-token | revoked-token | report-fails | report-slow | too-much | batch-null |
              usage | no-product | hidden | fresh-token (LinkedIn's: what an app lacks, a token seconds old)
when          before (default: nothing was done) | after (it was carried out, then its answer is lost; the
              default of cut; not for throttling and dead tokens: what was refused was not carried out)
platform      facebook_marketing | linkedin_ads | amazon_ads (default: any; another is refused)
method, path  what it applies to: an exact method, a regular expression searched for in the path; a refusal or
              a 500 also to one request of a batch
account       the plain id of the one account it applies to: a number of the path, of the query or of Amazon's
              scope header (its token endpoint has none)
times, skip   how often (default 1; 0 means always), and how many matching requests go well before
items         places in a batch whose answers are lost, for batch-null (default: every one), such as 0,2
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
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .store import Store

Fault = dict[str, Any]
Answer = Callable[[Fault], Response]
CUT = "the sandbox cut this connection on request"
INSIDE = ("report-fails", "report-slow", "batch-null", "usage")
"""Faults that the platform itself brings about while it answers."""
REFUSALS = ("429", "throttle", "quota", "expired-token", "revoked-token")
SCOPE = "amazon-advertising-api-scope"
OF_A_PART = (*REFUSALS, "500", "503")
"""What may go wrong with one request of a batch and leave the others as they are."""
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"


PLATFORMS = ("facebook_marketing", "linkedin_ads", "amazon_ads")


class FaultMiddleware:
    """Stands before one platform; `answer` spells a fault the way that platform would."""

    def __init__(self, app: ASGIApp, *, platform: str, store: Store, answer: Answer) -> None:
        self.app, self.platform, self.store, self.answer = app, platform, store, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        self.store.note_request(self.platform, request.method, request.url.path)
        asked = (request.method, request.url.path, _rows(request))
        about = f"{unquote(request.url.query)} {request.headers.get(SCOPE, '')}"
        fault = _from_header(request) or take(self.store, self.platform, *asked, about=about)
        if fault is None or fault["kind"] in INSIDE:
            scope.setdefault("state", {})["fault"] = fault
            return await self.app(scope, receive, send)
        return await self._break(fault, scope, receive, send)

    async def _break(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        kind = fault["kind"]
        if kind == "slow":
            await self._slow(fault, scope, receive, send)
        elif kind == "cut" and fault.get("when") == "before":
            raise ConnectionAbortedError(CUT)
        elif kind == "cut":
            await self.app(scope, receive, _cutting(send))
        else:
            await self._answer_wrongly(fault, scope, receive, send)

    async def _answer_wrongly(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.get("when") == "after" and fault["kind"] not in REFUSALS:
            await self.app(scope, receive, _nowhere)
        if fault["kind"] == "502-html":
            response: Response = HTMLResponse(BAD_GATEWAY, 502)
        else:
            response = _with_retry_after(self.answer({**fault, "at": scope["path"]}), fault)
        await response(scope, receive, send)

    async def _slow(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.get("when") == "after":
            kept: list[Message] = []
            await self.app(scope, receive, _keeping(kept))
            await asyncio.sleep(float(fault.get("seconds", 5)))
            for message in kept:
                await send(message)
            return
        await asyncio.sleep(float(fault.get("seconds", 5)))
        await self.app(scope, receive, send)


def take(
    store: Store,
    platform: str,
    method: str,
    path: str,
    rows: int = 0,
    kinds: tuple[str, ...] = (),
    about: str = "",
) -> Fault | None:
    """The first fault waiting for this request, of these kinds if any are named, used up by one.

    `about` is what beside the path may say whose it is.
    """
    if not store.all("sandbox.fault"):
        return None
    with store.transaction():
        for fault in store.all("sandbox.fault"):
            if not _applies(fault, platform, method, path, rows) or (kinds and fault["kind"] not in kinds):
                continue
            if "account" in fault and not _is_of(fault["account"], f"{path} {about}"):
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


def _applies(fault: Fault, platform: str, method: str, path: str, rows: int) -> bool:
    return (
        fault.get("platform", platform) == platform
        and fault.get("method", method) == method
        and re.search(fault.get("path", ""), path) is not None
        and (fault["kind"] != "too-much" or rows > int(fault.get("most", 100)))
    )


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


def _keeping(kept: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        kept.append(message)

    return keep


async def _nowhere(message: Message) -> None:
    """Where an answer goes that nobody is to see."""
