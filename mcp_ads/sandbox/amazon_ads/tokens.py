"""Login with Amazon: codes and refresh tokens in, access tokens out; only hashes of them are kept.

Refresh tokens that begin with `Atzr|sandbox-` are good; `expired` or `revoked` inside makes them so. Those of
somebody who agreed end a year after that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response
from starlette.types import ASGIApp

from mcp_ads.sandbox.given import CodeRefused, count, give, hashed, spend, state_of
from mcp_ads.sandbox.store import Store

from .errors import TOKEN_PATH, Refused, refusal, reply, token_refusal

PLATFORM = "amazon_ads"
LIFE, REFRESH_LIFE = 3600, 365 * 86_400
CLIENT = "amzn1.application-oa2-client.sandbox"
SECRET, REFRESH, ACCESS = "sandbox-", "Atzr|sandbox-", "Atza|sandbox-"
GIVEN = "Atzr|sandbox-rt-"
ISSUED, CONSENT, CODES = "amazon.token", "amazon.consent", "amazon.code"
DEAD = ("expired", "revoked")
FORM = "application/x-www-form-urlencoded"
NO_GRANT = "The request has an invalid grant parameter : {0}"
REVOKED = ". User may have revoked or didn't grant the permission."
BLAMED = {"elsewhere": "redirect_uri", "verifier": "code_verifier"}


def token_app(store: Store) -> ASGIApp:
    """The token endpoint; any region's host gives tokens for all three."""
    return request_response(partial(_answer, store))


async def _answer(store: Store, request: Request) -> Response:
    if (request.method, request.url.path) != ("POST", TOKEN_PATH):
        return refusal(404, f"the sandbox has no {request.method} {request.url.path}")
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        return token_refusal(400, "invalid_request", f"Content-Type must be {FORM}")
    fields = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
    grant = fields.get("grant_type", "")
    response = _refusal(fields) or GRANTS[grant][1](store, fields)
    given = response.status_code < 400
    count(store, PLATFORM, grant if grant in GRANTS else "unknown", given=given)
    return response


def _refusal(fields: dict[str, str]) -> Response | None:
    """What is wrong before anything is looked up."""
    needed = ("grant_type", "client_id", "client_secret")
    if missing := [name for name in needed if name not in fields]:
        return token_refusal(400, "invalid_request", f"The request is missing a parameter: {missing[0]}")
    if not fields["client_id"].startswith(CLIENT) or not fields["client_secret"].startswith(SECRET):
        return token_refusal(401, "invalid_client", "Client authentication failed")
    if "unapproved" in fields["client_id"]:
        return token_refusal(400, "unauthorized_client", "The client may not use this grant")
    if fields["grant_type"] not in GRANTS:
        return token_refusal(400, "unsupported_grant_type", f"No such grant: {fields['grant_type']}")
    if missing := [name for name in GRANTS[fields["grant_type"]][0] if name not in fields]:
        return token_refusal(400, "invalid_request", f"The request is missing a parameter: {missing[0]}")
    return None


def _for_code(store: Store, fields: dict[str, str]) -> Response:
    try:
        agreed = spend(store, CODES, fields["code"], fields)
    except CodeRefused as refused:
        return token_refusal(400, "invalid_grant", NO_GRANT.format(BLAMED.get(refused.why, "code")))
    row = {"client": agreed["client"], "scopes": agreed["scopes"], "created": int(store.clock.now())}
    return _granted(store, give(store, CONSENT, GIVEN, REFRESH_LIFE, row), row)


def _refreshed(store: Store, fields: dict[str, str]) -> Response:
    refresh, client = fields["refresh_token"], fields["client_id"]
    consent = store.get(CONSENT, hashed(refresh))
    if consent is None and (not _alive(refresh, REFRESH) or refresh.startswith(GIVEN)):
        return token_refusal(400, "invalid_grant", NO_GRANT.format("refresh_token"))
    if consent and (state_of(store, consent) != "valid" or consent.get("client", client) != client):
        return token_refusal(400, "invalid_grant", NO_GRANT.format("refresh_token") + REVOKED)
    return _granted(store, refresh, {"client": client, "scopes": (consent or {}).get("scopes")})


def _granted(store: Store, refresh: str, agreed: dict[str, Any]) -> Response:
    token = give(store, ISSUED, ACCESS, LIFE, {name: agreed.get(name) for name in ("client", "scopes")})
    answer = {"access_token": token, "refresh_token": refresh}
    return reply({**answer, "token_type": "bearer", "expires_in": LIFE})


GRANTS: dict[str, tuple[tuple[str, ...], Callable[[Store, dict[str, str]], Response]]] = {
    "authorization_code": (("code", "redirect_uri"), _for_code),
    "refresh_token": (("refresh_token",), _refreshed),
}
"""Grant -> the parameters it needs beside the client's, and what answers it."""


def check(store: Store, authorization: str, client: str) -> None:
    """Let a call of the API pass, or refuse it as the gateway does."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not _alive(token, ACCESS):
        raise Refused(401, "HTTP 401 Unauthorized: invalid or expired access token", gateway=True)
    if not client.startswith(CLIENT):
        raise Refused(401, "HTTP 401 Unauthorized: missing or invalid client id", gateway=True)
    kept: dict[str, Any] = store.get(ISSUED, hashed(token)) or {}
    if state_of(store, kept) != "valid" or kept.get("client", client) != client:
        raise Refused(
            401, "HTTP 401 Unauthorized: the access token is expired or of another client", gateway=True
        )


def has_scope(store: Store, authorization: str, scope: str) -> bool:
    """Whether a token carries a scope; one that nobody consented to carries all."""
    kept: dict[str, Any] = store.get(ISSUED, hashed(authorization.partition(" ")[2])) or {}
    scopes = kept.get("scopes")
    return scopes is None or scope in scopes


def _alive(token: str, start: str) -> bool:
    return token.startswith(start) and not any(word in token for word in DEAD)
