"""What the platforms have given out, kept as hashes: codes that work once, tokens with their ends; counts.

A row is kept under the hash of its secret, with `expires` (Unix seconds, absent: never), and with `state`
once a test has ended it before its time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .asked import asked_of
from .store import Store

Body = dict[str, Any]
KINDS: dict[str, dict[str, str]] = {
    "facebook_marketing": {"access": "facebook.token", "code": "facebook.code"},
    "linkedin_ads": {"access": "linkedin.token", "refresh": "linkedin.consent", "code": "linkedin.code"},
    "amazon_ads": {"access": "amazon.token", "refresh": "amazon.consent", "code": "amazon.code"},
}
"""Platform -> what a secret is for -> where its rows are kept."""
ENDS = {
    "access": ("expired", "revoked"),
    "refresh": ("expired", "revoked"),
    "code": ("expired", "revoked", "used"),
}
"""How a test may end what there is of a kind."""
COUNTS = "sandbox.grant"


class CodeRefused(Exception):
    """A code that gives no token: unknown, used, expired, for another address or of another verifier."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def hashed(secret: str) -> str:
    """What is kept in a secret's place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def state_of(store: Store, row: Body) -> str:
    """`valid`, `expired` or `revoked`."""
    if "state" in row:
        return str(row["state"])
    return "expired" if row.get("expires", float("inf")) <= store.clock.now() else "valid"


def give(store: Store, kind: str, start: str, life: float, row: Body) -> str:
    """A new secret that begins with `start` and lives for so many seconds."""
    secret = start + secrets.token_hex(24)
    store.put(kind, hashed(secret), {**row, "expires": store.clock.now() + life})
    return secret


def give_code(
    store: Store, kind: str, start: str, life: float, asked: Mapping[str, str], scopes: list[str], **more: Any
) -> str:
    """A code for what a consent page was asked and somebody agreed to; `spend` holds its exchange to that."""
    row = {
        "client": asked["client_id"],
        "redirect_uri": asked["redirect_uri"],
        "scopes": scopes,
        "challenge": asked.get("code_challenge", ""),
        "method": asked.get("code_challenge_method", "plain"),
    }
    return give(store, kind, start, life, {**row, **more})


def spend(store: Store, kind: str, code: str, sent: dict[str, str]) -> Body:
    """What a person agreed to, for a code that is good here and now, and never again. Raises CodeRefused.

    `sent` has the client_id, the redirect_uri and, where a challenge was given, the code_verifier.
    """
    with store.transaction():
        row = store.get(kind, hashed(code))
        if row is None or row["client"] != sent.get("client_id"):
            raise CodeRefused("unknown")
        if row.get("used"):
            raise CodeRefused("used")
        if state_of(store, row) != "valid":
            raise CodeRefused("expired")
        if row["redirect_uri"] != sent.get("redirect_uri"):
            raise CodeRefused("elsewhere")
        if not _proves(row, sent.get("code_verifier", "")):
            raise CodeRefused("verifier")
        store.put(kind, hashed(code), {**row, "used": True})
        return row


def _proves(row: Body, verifier: str) -> bool:
    """Whether who exchanges the code is who asked for it; without a challenge, nobody has to show that."""
    if not row.get("challenge"):
        return True
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() if row["method"] == "S256" else verifier
    return hmac.compare_digest(made, row["challenge"])


def count(store: Store, platform: str, grant: str, *, given: bool) -> None:
    """Note a request at a token endpoint, by its grant and by whether it got a token."""
    key = f"{platform} {grant} {'given' if given else 'refused'}"
    with store.transaction():
        row = store.get(COUNTS, key) or {"platform": platform, "grant": grant, "given": given, "count": 0}
        store.put(COUNTS, key, {**row, "count": row["count"] + 1})


def control_routes(store: Store) -> list[Route]:
    """For tests: end what was given out, and count the requests at the token endpoints.

    POST /_sandbox/tokens takes `platform`, `kind` and `state`, of ENDS, and perhaps `secret`, without which
    all of the kind end. GET /_sandbox/grants lists platform, grant, given and count.
    """

    async def end(request: Request) -> Response:
        found = await asked_of(request)
        asked = found if isinstance(found, dict) else {}
        name = str(asked.get("kind"))
        kind = KINDS.get(str(asked.get("platform")), {}).get(name)
        if kind is None or asked.get("state") not in ENDS[name]:
            known = {platform: list(kinds) for platform, kinds in KINDS.items()}
            text = f"name platform and kind, of {known}, and state, of {ENDS}"
            return JSONResponse({"sandbox": text}, 400)
        return JSONResponse({"ended": _end(store, kind, asked.get("secret"), asked["state"])})

    async def grants(_: Request) -> Response:
        rows = store.all(COUNTS)
        return JSONResponse([{name: row[name] for name in row if name != "_n"} for row in rows])

    return [Route("/_sandbox/tokens", end, methods=["POST"]), Route("/_sandbox/grants", grants)]


def _end(store: Store, kind: str, secret: str | None, state: str) -> int:
    """End one secret, or all of a kind; how many."""
    with store.transaction():
        keys = [hashed(secret)] if secret else store.ids(kind)
        for key in keys:
            ended = {"used": True} if state == "used" else {"state": state}
            store.put(kind, key, {**(store.get(kind, key) or {}), **ended})
    return len(keys)
