"""Uploads: an announced object has an address with a ticket of its own, to which its bytes are PUT."""

from __future__ import annotations

import hashlib
import secrets

from starlette.requests import Request

from mcp_ads.sandbox.store import Store

from . import tokens
from .errors import legacy
from .state import PLATFORM, Body, Call, now_ms

PATH = "/dms-uploads"
LIFE_MS = 86_400_000


def addressed(call: Call, key: str, what: str, parts: int = 1) -> tuple[list[str], Body]:
    """The addresses of an object's upload, and what the object keeps of them: no ticket, but its digest."""
    ticket = secrets.token_urlsafe(16)
    place, mark = f"{call.uploads}{PATH}/{key}/uploaded-{what}", f"?ca=vector_ads&cn=uploads&ut={ticket}"
    own = {"_ticket": digest(ticket.encode()), "_expires": now_ms() + LIFE_MS}
    return [f"{place}/{number}{mark}" for number in range(parts)], own


async def received(store: Store, kind: str, request: Request) -> tuple[str, Body, bytes]:
    """The key, the object and its bytes; a bearer token may come with them."""
    if "authorization" in request.headers:
        tokens.check_bearer(store, request.headers["authorization"])
    key, ticket = request.path_params["key"], request.query_params.get("ut", "")
    found = store.get(kind, key)
    if found is None or found["_ticket"] != digest(ticket.encode()):
        raise legacy(403, "This upload address is not valid")
    if found["_expires"] < now_ms():
        raise legacy(403, "This upload address has expired")
    content = await request.body()
    if not content:
        raise legacy(400, "The upload has no content")
    return key, found, content


def keep(store: Store, kind: str, key: str, after: Body, content: bytes) -> None:
    """Keep the object after its upload, and note how much came; the bytes are not kept."""
    with store.transaction():
        store.put(kind, key, after)
        noted = {"size": len(content), "sha256": digest(content)}
        store.journal(PLATFORM, f"upload {kind.rpartition('.')[2]}", key, noted)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
