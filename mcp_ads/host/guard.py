"""What stands before every route: an id for each request, its size and kind, and faults that say nothing."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING
from uuid import uuid4

from .bodies import check_keepable, most_of
from .faults import of_fault
from .logs import REQUEST_ID, fault
from .refusals import Refused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .named import Names

LOG = logging.getLogger("mcp_ads.host")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
MCP = ("/mcp", "/mcp/")
"""Where the API's names count, too, and before anybody looks at a token; its bodies are read by MCP."""
_JSON = re.compile(rb"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)


class Guard:
    """The API's own front: bodies of paths under its prefixes are JSON of bounded size."""

    def __init__(self, app: ASGIApp, prefixes: tuple[str, ...], names: Names) -> None:
        self._app, self._prefixes, self._names = app, tuple(f"{prefix}/" for prefix in prefixes), names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault(REQUEST_ID, uuid4().hex)
        begun = False

        async def tell(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = _with(message.get("headers", []), request_id)
            await send(message)

        try:
            _check_address(scope)
            ours = scope["path"].startswith(self._prefixes)
            if ours or scope["path"] in MCP:
                await self._names.check(scope)
            if ours:
                receive = await _whole(scope, receive)
            await self._app(scope, receive, tell)
        except Refused as refused:
            await _answer(refused, tell)
        except Exception as error:
            told = {"request_id": request_id, "fault": fault(error)}
            LOG.error("a request failed: %s", told["fault"], extra={"fields": told})  # noqa: TRY400 - no text
            if begun:
                raise
            await _answer(of_fault(error, request_id), tell)


def _check_address(scope: Scope) -> None:
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise Refused(400, "the address has a NUL character in it", "invalid")


async def _whole(scope: Scope, receive: Receive) -> Receive:
    """The body, read and found fit, to be received again. Raises Refused."""
    headers, most = dict(scope["headers"]), most_of(scope["path"])
    told = headers.get(b"content-length", b"0")
    parts: list[bytes] = []
    size, more = int(told) if told.isdigit() else 0, b"transfer-encoding" in headers or told != b"0"
    if size <= most:
        size = 0
    while more and size <= most:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
    if size > most:
        raise Refused(413, f"the body is too large: at most {most:,} bytes", "too_large")
    body = b"".join(parts)
    if body and not _JSON.fullmatch(headers.get(b"content-type", b"")):
        raise Refused(415, "send JSON, with the header Content-Type: application/json", "not_json")
    check_keepable(body)
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with(headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours, where it has none of these itself."""
    known = {name.lower() for name, _ in headers}
    ours = (*HEADERS, (b"x-request-id", request_id.encode()))
    return [*headers, *(pair for pair in ours if pair[0] not in known)]


async def _answer(refused: Refused, send: Send) -> None:
    body = json.dumps(refused.body).encode()
    own = [(name.lower().encode(), said.encode()) for name, said in refused.headers.items()]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *own]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
