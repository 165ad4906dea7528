"""What a client without the right token is told: what to send, instead of how to register anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNAUTHORIZED = 401
WHY = "this server has one token, MCP_ADS_HTTP_TOKEN in its environment: send it as Authorization: Bearer"


def in_our_words(app: ASGIApp) -> ASGIApp:
    """The app with its 401 answers saying what is missing here; there is nothing to register with."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def tell(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == UNAUTHORIZED:
                refused = True
                await _refuse(send)
            elif not refused:
                await send(message)

        await app(scope, receive, tell if scope["type"] == "http" else send)

    return answer


async def _refuse(send: Send) -> None:
    body = json.dumps({"error": "invalid_token", "error_description": WHY}).encode()
    challenge = f'Bearer error="invalid_token", error_description="{WHY}"'
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"www-authenticate", challenge.encode()),
    ]
    await send({"type": "http.response.start", "status": UNAUTHORIZED, "headers": headers})
    await send({"type": "http.response.body", "body": body})
