"""Logs as JSON lines on stderr, and a line for each request: no query, header or body stands in them."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mcp_ads.engine.wire.redaction import Secrets
from mcp_ads.serving import TALKATIVE

from .callers import Caller
from .spans import Spans

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("mcp_ads.host.requests")
REQUEST_ID, CALLER = "mcp_ads.request_id", "mcp_ads.caller"
"""Where a request has its id, and whoever asks once they are known."""
ID_HEADER = b"x-request-id"
MCP = "/mcp"
"""Where a stream may stay open for long: what is under way there, the engines know."""
QUIET = ("/healthz", "/readyz")
SERVER_FAULT = 500
NO_ROUTE = "(none)"
HIDDEN = Secrets()
"""What no line says: the host's own key and its database's password."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON. Of an exception it has kinds and places, and no text: a text may be
    a driver's, with the values of a row in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": at, "level": record.levelname, "logger": record.name}
        fields = getattr(record, "fields", None)
        line |= fields if fields is not None else {"message": HIDDEN.redact(record.getMessage())}
        if record.exc_info and record.exc_info[1]:
            line["fault"] = fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def fault(error: BaseException) -> list[str]:
    """Kinds and places of an exception and its causes, the innermost place first."""
    said: list[str] = []
    known: BaseException | None = error
    while known is not None:
        frames = traceback.extract_tb(known.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
        said += [type(known).__name__, *places]
        known = known.__cause__ or known.__context__
    return said


def log_as_json(level: str) -> None:
    """Have all that is logged written to stderr as JSON lines; a request's line is never below the level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    LOG.setLevel(logging.INFO)


class Requests:
    """Gives each request an id, answers what nothing else answered, and writes one line of it at its end."""

    def __init__(self, app: ASGIApp, prefixes: tuple[str, ...]) -> None:
        self.app, self.prefixes, self.under_way, self.spans = app, prefixes, 0, Spans()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, self._until_the_end(send))
            return
        scope[REQUEST_ID] = uuid4().hex
        began, status = time.perf_counter(), 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [pair for pair in message.get("headers", []) if pair[0].lower() != ID_HEADER]
                message["headers"] = [*headers, (ID_HEADER, scope[REQUEST_ID].encode())]
            await send(message)

        counted = scope["path"] != MCP or scope["method"] == "POST"  # its other requests only listen
        self.under_way += counted
        try:
            with self.spans.request(scope["method"]) as span:
                await self.app(scope, receive, tell)
                if span is not None:
                    self._describe(span, scope, status)
        except Exception:
            LOG.exception("request", extra={"fields": {"request_id": scope[REQUEST_ID]}})
            status = status or SERVER_FAULT
        finally:
            self.under_way -= counted
            self._note(scope, status, time.perf_counter() - began)

    def _until_the_end(self, send: Send) -> Send:
        async def tell(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await asyncio.to_thread(self.spans.close)  # after that the signal ends the process at once
            await send(message)

        return tell

    def _describe(self, span: Any, scope: Scope, status: int) -> None:
        path = template(scope, self.prefixes)
        span.update_name(f"{scope['method']} {path}")
        span.set_attributes(
            {
                "http.request.method": scope["method"],
                "http.route": path,
                "http.response.status_code": status,
                "mcp_ads.request_id": scope[REQUEST_ID],
            }
        )
        if isinstance(caller := scope.get(CALLER), Caller):
            span.set_attributes({"mcp_ads.organization": caller.organization_id, "enduser.id": caller.id})

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["path"] in QUIET:
            return
        caller = scope.get(CALLER)
        line: dict[str, Any] = {
            "request_id": scope[REQUEST_ID],
            "method": scope["method"],
            "path": template(scope, self.prefixes),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        if isinstance(caller, Caller):
            line |= {"organization": caller.organization_id, "client": caller.id}
        LOG.info("request", extra={"fields": line})


def template(scope: Scope, prefixes: tuple[str, ...]) -> str:
    """The path as it is declared, such as /api/v1/…/{connector_id}; what matched no route may be anything."""
    declared = getattr(scope.get("route"), "path", "")
    if not declared:
        return NO_ROUTE
    under = next((prefix for prefix in prefixes if scope["path"].startswith(f"{prefix}/")), "")
    return str(declared) if declared.startswith(f"{under}/") else f"{under}{declared}"
