"""Login with Amazon: refresh tokens in, access tokens out; only hashes of them are kept."""

from __future__ import annotations

import hashlib
import secrets
import time
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_ads.sandbox.store import Store

from .errors import TOKEN_PATH, Refused, refusal, reply, token_refusal

LIFE = 3600
CLIENT = "amzn1.application-oa2-client.sandbox"
SECRET, REFRESH, ACCESS = "sandbox-", "Atzr|sandbox-", "Atza|sandbox-"
DEAD = ("expired", "revoked")
FORM = "application/x-www-form-urlencoded"


def token_app(store: Store) -> ASGIApp:
    """The token endpoint; any region's host gives tokens for all three."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await _answer(store, request))(scope, receive, send)

    return serve


async def _answer(store: Store, request: Request) -> Response:
    if (request.method, request.url.path) != ("POST", TOKEN_PATH):
        return refusal(404, f"the sandbox has no {request.method} {request.url.path}")
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        return token_refusal(400, "invalid_request", f"Content-Type must be {FORM}")
    fields = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
    return _refusal(fields) or _grant(store, fields)


def _refusal(fields: dict[str, str]) -> Response | None:
    needed = ("grant_type", "client_id", "client_secret")
    if missing := [name for name in needed if name not in fields]:
        return token_refusal(400, "invalid_request", f"The request is missing a parameter: {missing[0]}")
    if not fields["client_id"].startswith(CLIENT) or not fields["client_secret"].startswith(SECRET):
        return token_refusal(401, "invalid_client", "Client authentication failed")
    if "unapproved" in fields["client_id"]:
        return token_refusal(400, "unauthorized_client", "The client may not use this grant")
    if fields["grant_type"] != "refresh_token":
        return token_refusal(400, "unsupported_grant_type", f"No such grant: {fields['grant_type']}")
    if "refresh_token" not in fields:
        return token_refusal(400, "invalid_request", "The request is missing a parameter: refresh_token")
    if not _alive(fields["refresh_token"], REFRESH):
        return token_refusal(
            400, "invalid_grant", "The request has an invalid grant parameter : refresh_token"
        )
    return None


def _grant(store: Store, fields: dict[str, str]) -> Response:
    token = ACCESS + secrets.token_hex(24)
    kept = {"client": fields["client_id"], "expires": time.time() + LIFE}
    store.put("amazon.token", _hash(token), kept)
    answer = {"access_token": token, "refresh_token": fields["refresh_token"]}
    return reply({**answer, "token_type": "bearer", "expires_in": LIFE})


def check(store: Store, authorization: str, client: str) -> None:
    """Let a call of the API pass, or refuse it as the gateway does."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not _alive(token, ACCESS):
        raise Refused(401, "HTTP 401 Unauthorized: invalid or expired access token", gateway=True)
    if not client.startswith(CLIENT):
        raise Refused(401, "HTTP 401 Unauthorized: missing or invalid client id", gateway=True)
    kept = store.get("amazon.token", _hash(token))
    if kept and (kept["expires"] < time.time() or kept["client"] != client):
        raise Refused(
            401, "HTTP 401 Unauthorized: the access token is expired or of another client", gateway=True
        )


def _alive(token: str, start: str) -> bool:
    return token.startswith(start) and not any(word in token for word in DEAD)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
