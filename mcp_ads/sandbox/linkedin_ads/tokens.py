"""The token endpoints of www.linkedin.com, and the check of the bearer token on every call.

Refresh tokens and client secrets that begin with `sandbox-` are good, and so are access tokens given
directly; `expired` or `revoked` inside a token makes it so. Of the two apps `sandbox-norefresh` gets no
refresh tokens, as apps that are not approved for them. Of issued tokens only a hash is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mcp_ads.sandbox.given import CodeRefused, count, give, hashed, spend, state_of
from mcp_ads.sandbox.store import Store

from .errors import ApiError, bad_token, stamped
from .scopes import EVERY

PLATFORM = "linkedin_ads"
CLIENT, WITHOUT_REFRESH = "sandbox-client", "sandbox-norefresh"
CLIENTS = (CLIENT, WITHOUT_REFRESH)
ISSUED = "linkedin.token"
CONSENT = "linkedin.consent"
CODES = "linkedin.code"
ACCESS_LIFE = 60 * 86_400
REFRESH_LIFE = 365 * 86_400
FORM = "application/x-www-form-urlencoded"
NO_TOKEN = (
    "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. "  # noqa: S105
    "Or authorization code expired. Or external member binding exists"
)


def check_bearer(store: Store, authorization: str | None) -> None:
    """Raises the platform's 401 unless the header holds a good access token."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme != "Bearer" or not token.strip():
        raise bad_token("empty")
    status = _status(store, token.strip())
    if status != "active":
        raise bad_token(status)


def scopes_of(store: Store, authorization: str) -> list[str]:
    """The scopes of the token in a header."""
    return _scopes(store, authorization.partition(" ")[2].strip())


async def access_token(store: Store, request: Request) -> Response:
    """POST /oauth/v2/accessToken."""
    form, grant = {}, "unknown"
    try:
        form = await _form(request)
        grant = form.get("grant_type", "") if form.get("grant_type") in GRANTS else "unknown"
        answer = _granted(store, form, grant)
    except ApiError:
        count(store, PLATFORM, grant, given=False)
        raise
    count(store, PLATFORM, grant, given=True)
    return _plain(JSONResponse(answer))


def _granted(store: Store, form: dict[str, str], grant: str) -> dict[str, Any]:
    if grant == "unknown":
        raise _refusal(
            "invalid_request", f"grant_type {form.get('grant_type')!r} is missing or not supported"
        )
    _check_client(form)
    for name in GRANTS[grant]:
        if name not in form:
            raise _refusal("invalid_request", f"A required parameter {name} is missing")
    return _for_code(store, form) if grant == "authorization_code" else _refreshed(store, form)


def _for_code(store: Store, form: dict[str, str]) -> dict[str, Any]:
    """The tokens of somebody who agreed; without a refresh token where the app is not approved for them."""
    try:
        agreed = spend(store, CODES, form["code"], form)
    except CodeRefused:
        raise _refusal("invalid_request", NO_TOKEN) from None
    consent = {"client": agreed["client"], "scopes": agreed["scopes"], "created": int(store.clock.now())}
    if agreed["client"] == WITHOUT_REFRESH:
        return _issue(store, {**consent, "expires": store.clock.now() + ACCESS_LIFE})
    refresh = give(store, CONSENT, "sandbox-rt-", REFRESH_LIFE, consent)
    return _with_refresh(store, refresh)


def _refreshed(store: Store, form: dict[str, str]) -> dict[str, Any]:
    refresh = form["refresh_token"]
    with store.transaction():
        consent = store.get(CONSENT, hashed(refresh))
        known = consent is not None and consent.get("client", form["client_id"]) == form["client_id"]
        dead = consent is not None and state_of(store, consent) != "valid"
        if _is_dead(refresh) or dead or (refresh.startswith("sandbox-rt-") and not known):
            raise _refusal("invalid_grant", "The provided refresh_token is invalid, expired or revoked")
        if consent is None:
            now = int(store.clock.now())
            store.put(CONSENT, hashed(refresh), {"created": now, "expires": now + REFRESH_LIFE})
        return _with_refresh(store, refresh)


async def introspect(store: Store, request: Request) -> Response:
    """POST /oauth/v2/introspectToken."""
    form = await _form(request)
    _check_client(form)
    if "token" not in form:
        raise _refusal("invalid_request", "A required parameter token is missing")
    token, now = form["token"], int(store.clock.now())
    status = _status(store, token)
    if status == "invalid":
        return _plain(JSONResponse({"active": False}))
    kept = store.get(ISSUED, hashed(token)) or {}
    created = kept.get("created", now - 86_400)
    ends = int(kept.get("expires", created + ACCESS_LIFE))
    answer = {
        "active": status == "active",
        "status": status,
        "scope": ",".join(_scopes(store, token)),
        "client_id": kept.get("client", form["client_id"]),
        "created_at": created,
        "authorized_at": kept.get("agreed", created),
        "expires_at": min(ends, now - 1) if status == "expired" else ends,
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


GRANTS: Mapping[str, tuple[str, ...]] = {
    "refresh_token": ("refresh_token",),
    "authorization_code": ("code", "redirect_uri"),
}
"""Grant -> the parameters it needs beside the client's."""


def _with_refresh(store: Store, refresh: str) -> dict[str, Any]:
    """A new access token; the refresh token keeps the end it had at consent, and caps the access token."""
    consent = store.get(CONSENT, hashed(refresh)) or {}
    left = round(consent["expires"] - store.clock.now())
    more = {"refresh_token": refresh, "refresh_token_expires_in": left}
    return {**_issue(store, consent), **more}


def _issue(store: Store, consent: Mapping[str, Any]) -> dict[str, Any]:
    """An access token that ends in sixty days, or with the consent it is of."""
    now = int(store.clock.now())
    life = min(ACCESS_LIFE, round(consent["expires"] - store.clock.now()))
    row = {"created": now, "agreed": consent.get("created", now), "scopes": consent.get("scopes", EVERY)}
    if "client" in consent:
        row["client"] = consent["client"]
    token = give(store, ISSUED, "sandbox-at-", life, row)
    return {"access_token": token, "expires_in": life, "scope": ",".join(row["scopes"])}


def _scopes(store: Store, token: str) -> list[str]:
    return list((store.get(ISSUED, hashed(token)) or {}).get("scopes", EVERY))


def _status(store: Store, token: str) -> str:
    if kept := store.get(ISSUED, hashed(token)):
        return state_of(store, kept).replace("valid", "active")
    if not token.startswith("sandbox-"):
        return "invalid"
    for word in ("expired", "revoked"):
        if word in token:
            return word
    return "invalid" if token.startswith(("sandbox-at-", "sandbox-rt-")) else "active"


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
    if form["client_id"] not in CLIENTS or not form["client_secret"].startswith("sandbox-"):
        raise _refusal("invalid_client", "Client authentication failed", 401)


def _refusal(error: str, description: str, status: int = 400) -> ApiError:
    return ApiError(status, {"error": error, "error_description": description})


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return stamped(response)
