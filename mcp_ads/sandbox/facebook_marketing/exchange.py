"""What /oauth/access_token answers: an app token, the token for a code, or a longer-lived one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcp_ads.sandbox.given import CodeRefused, count, give, spend
from mcp_ads.sandbox.store import Store

from .auth import APP_SECRET, APPS, LONG_LIVED, TOKENS, app_of, permissions, scopes, state_of
from .errors import GraphError, dead_token, missing

Body = dict[str, Any]
CODES = "facebook.code"
PLATFORM = "facebook_marketing"
SHORT_LIVED = 5_400
START = "EAASandbox"
UNKNOWN_CODE = (None, "Invalid verification code format.")
OTHER_ADDRESS = (
    "Error validating verification code. Please make sure your redirect_uri is identical to the one you used "
    "in the OAuth dialog request"
)
REFUSED: dict[str, tuple[int | None, str]] = {
    "expired": (36007, "This authorization code has expired."),
    "elsewhere": (
        36008,
        OTHER_ADDRESS,
    ),
    "used": (36009, "This authorization code has been used."),
}


def exchange(store: Store, sent: Body) -> Body:
    """A token for what was sent. Raises GraphError."""
    grant = str(sent.get("grant_type") or "authorization_code")
    counted = grant if grant in GRANTS else "unknown"
    try:
        _check(sent, grant)
        answer = GRANTS[grant](store, sent)
    except GraphError:
        count(store, PLATFORM, counted, given=False)
        raise
    count(store, PLATFORM, counted, given=True)
    return answer


def _check(sent: Body, grant: str) -> None:
    """Refuse another's app, and a grant there is none of."""
    if not sent.get("client_id"):
        raise GraphError(101, "Missing client_id parameter.")
    if str(sent["client_id"]) not in APPS:
        text = "Error validating application. Cannot get application info due to a system error."
        raise GraphError(101, text)
    if "client_secret" not in sent:
        raise missing("client_secret")
    if sent["client_secret"] != APP_SECRET:
        raise GraphError(1, "Error validating client secret.")
    if grant not in GRANTS:
        text = f"Invalid grant_type: '{grant}'. Supported types: {', '.join(GRANTS)}"
        raise GraphError(1, text)


def _app_token(_: Store, sent: Body) -> Body:
    return {"access_token": f"{sent['client_id']}|{APP_SECRET}", "token_type": "bearer"}


def _of_a_code(store: Store, sent: Body) -> Body:
    if not sent.get("code"):
        raise missing("code")
    if not sent.get("redirect_uri"):
        raise GraphError(191, "Missing redirect_uri parameter.")
    fields = {name: str(sent.get(name, "")) for name in ("client_id", "redirect_uri", "code_verifier")}
    try:
        agreed = spend(store, CODES, str(sent["code"]), fields)
    except CodeRefused as refused:
        subcode, text = REFUSED.get(refused.why, UNKNOWN_CODE)
        raise GraphError(100, text, subcode=subcode) from None
    return _given(store, agreed["client"], agreed["scopes"], agreed["declined"], SHORT_LIVED)


def _longer(store: Store, sent: Body) -> Body:
    """A token that lives longer, for one that lives; the old one stays good until its end."""
    token = str(sent.get("fb_exchange_token", ""))
    if not token:
        raise missing("fb_exchange_token")
    if (state := state_of(store, token)) != "valid":
        raise dead_token(state)
    client = str(sent["client_id"])
    if client != app_of(store, token):
        text = f"Error validating access token: The user has not authorized application {client}."
        raise GraphError(190, text, subcode=458)
    rows = permissions(store, token)
    declined = [row["permission"] for row in rows if row["status"] == "declined"]
    return _given(store, client, scopes(store, token), declined, LONG_LIVED)


def _given(store: Store, client: str, granted: list[str], declined: list[str], life: int) -> Body:
    row = {"client": client, "scopes": granted, "declined": declined, "created": int(store.clock.now())}
    token = give(store, TOKENS, START, life, row)
    return {"access_token": token, "token_type": "bearer", "expires_in": life}


GRANTS: dict[str, Callable[[Store, Body], Body]] = {
    "authorization_code": _of_a_code,
    "client_credentials": _app_token,
    "fb_exchange_token": _longer,
}
