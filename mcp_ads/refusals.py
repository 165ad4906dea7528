"""What a client without the right token is told: what to send, instead of how to register anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNAUTHORIZED = 401
WHY = "this server has one token, MCP_ADS_HTTP_TOKEN in its environment: send it as Authorization: Bearer"

WHY_NAMED = (
    "this server has named tokens: send yours as Authorization: Bearer; whoever runs it makes one with "
    "`mcp-ads token add NAME`"
)


def in_our_words(app: ASGIApp, *, named: bool = False) -> ASGIApp:
    """The app with its 401 answers saying what is missing here; there is nothing to register with."""
    why = WHY_NAMED if named else WHY

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def tell(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == UNAUTHORIZED:
                refused = True
                await _refuse(send, why)
            elif not refused:
                await send(message)

        await app(scope, receive, tell if scope["type"] == "http" else send)

    return answer


async def _refuse(send: Send, why: str) -> None:
    body = json.dumps({"error": "invalid_token", "error_description": why}).encode()
    challenge = f'Bearer error="invalid_token", error_description="{why}"'
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"www-authenticate", challenge.encode()),
    ]
    await send({"type": "http.response.start", "status": UNAUTHORIZED, "headers": headers})
    await send({"type": "http.response.body", "body": body})
