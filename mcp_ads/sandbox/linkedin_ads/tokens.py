"""The token endpoints of www.linkedin.com, and the check of the bearer token on every call.

Refresh tokens, client ids and client secrets that begin with `sandbox-` are good, and so are access tokens
given directly; `expired` or `revoked` inside a token makes it so. Of issued tokens only a hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mcp_ads.sandbox.store import Store

from .errors import ApiError, bad_token, stamped

ISSUED = "linkedin.token"
CONSENT = "linkedin.consent"
ACCESS_LIFE = 60 * 86_400
REFRESH_LIFE = 365 * 86_400
SCOPES = "r_ads,rw_ads,r_ads_reporting,r_organization_social,w_organization_social"
FORM = "application/x-www-form-urlencoded"


def check_bearer(store: Store, authorization: str | None) -> None:
    """Raises the platform's 401 unless the header holds a good access token."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme != "Bearer" or not token.strip():
        raise bad_token("empty")
    status = _status(store, token.strip())
    if status != "active":
        raise bad_token(status)


async def access_token(store: Store, request: Request) -> Response:
    """POST /oauth/v2/accessToken."""
    form = await _form(request)
    grant = form.get("grant_type")
    if grant not in GRANTS:
        raise _refusal("invalid_request", f"grant_type {grant!r} is missing or not supported")
    name = GRANTS[grant]
    _check_client(form)
    if name not in form:
        raise _refusal("invalid_request", f"A required parameter {name} is missing")
    if grant == "authorization_code" and "redirect_uri" not in form:
        raise _refusal("invalid_request", "A required parameter redirect_uri is missing")
    if _is_dead(form[name]):
        raise _refusal("invalid_grant", f"The provided {name} is invalid, expired or revoked")
    refresh = form[name] if grant == "refresh_token" else f"sandbox-rt-{secrets.token_hex(16)}"
    return _plain(JSONResponse(_issue(store, refresh)))


async def introspect(store: Store, request: Request) -> Response:
    """POST /oauth/v2/introspectToken."""
    form = await _form(request)
    _check_client(form)
    if "token" not in form:
        raise _refusal("invalid_request", "A required parameter token is missing")
    token, now = form["token"], int(time.time())
    status = _status(store, token)
    if status == "invalid":
        return _plain(JSONResponse({"active": False}))
    kept = store.get(ISSUED, _hash(token)) or {"created": now - 86_400, "expires": now + ACCESS_LIFE - 86_400}
    expires = min(kept["expires"], now - 1) if status == "expired" else kept["expires"]
    answer = {
        "active": status == "active",
        "status": status,
        "scope": SCOPES,
        "client_id": form["client_id"],
        "created_at": kept["created"],
        "authorized_at": kept["created"],
        "expires_at": expires,
        "auth_type": "3L",
    }
    return _plain(JSONResponse(answer))


def guarded(store: Store, handler: Callable[[Store, Request], Any]) -> Callable[[Request], Any]:
    """The handler as an endpoint that answers refusals."""

    async def endpoint(request: Request) -> Response:
        try:
            answer: Response = await handler(store, request)
        except ApiError as problem:
            return _plain(JSONResponse(problem.body, problem.status))
        return answer

    return endpoint


GRANTS = {"refresh_token": "refresh_token", "authorization_code": "code"}


def _issue(store: Store, refresh: str) -> dict[str, Any]:
    """A new access token; the refresh token keeps the end it had at consent, and caps the access token."""
    now = int(time.time())
    with store.transaction():
        consent = store.get(CONSENT, _hash(refresh)) or {"expires": now + REFRESH_LIFE}
        store.put(CONSENT, _hash(refresh), {**consent})
        left = consent["expires"] - now
        if left <= 0:
            raise _refusal("invalid_grant", "The provided refresh_token is expired")
        token = f"sandbox-at-{secrets.token_hex(24)}"
        life = min(ACCESS_LIFE, left)
        store.put(ISSUED, _hash(token), {"created": now, "expires": now + life})
    return {
        "access_token": token,
        "expires_in": life,
        "refresh_token": refresh,
        "refresh_token_expires_in": left,
        "scope": SCOPES,
    }


def _status(store: Store, token: str) -> str:
    if not token.startswith("sandbox-"):
        return "invalid"
    for word in ("expired", "revoked"):
        if word in token:
            return word
    if token.startswith("sandbox-at-"):
        kept = store.get(ISSUED, _hash(token))
        if kept is None:
            return "invalid"
        return "active" if kept["expires"] > time.time() else "expired"
    return "invalid" if token.startswith("sandbox-rt-") else "active"


def _is_dead(token: str) -> bool:
    return not token.startswith("sandbox-") or "expired" in token or "revoked" in token


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith(FORM):
        raise _refusal("invalid_request", f"The content type must be {FORM}")
    pairs = parse_qs((await request.body()).decode("utf-8", "replace"))
    return {name: values[-1] for name, values in pairs.items()}


def _check_client(form: dict[str, str]) -> None:
    for name in ("client_id", "client_secret"):
        if name not in form:
            raise _refusal("invalid_request", f"A required parameter {name} is missing")
        if not form[name].startswith("sandbox-"):
            raise _refusal("invalid_client", "Client authentication failed", 401)


def _refusal(error: str, description: str, status: int = 400) -> ApiError:
    return ApiError(status, {"error": error, "error_description": description})


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return stamped(response)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
