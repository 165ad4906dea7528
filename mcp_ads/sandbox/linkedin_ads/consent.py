"""The page of www.linkedin.com on which a member agrees, to all or to nothing, that an app acts for them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from mcp_ads.sandbox.given import give_code
from mcp_ads.sandbox.pages import AGREE, LEAVE, REFUSE, back, consent, is_registered, page, pressed
from mcp_ads.sandbox.store import Store

from .scopes import EVERY
from .tokens import CLIENTS, CODES

CODE_LIFE = 1_800
OF_THE_PRODUCTS = {*EVERY, "rw_organization_admin", "r_basicprofile"} - {"rw_dmp_segments"}
"""Matched Audiences is private: tokens given directly have its scope, and nobody can agree to it."""
TROUBLE = "Bummer, something went wrong."
REFUSALS = {
    REFUSE: ("user_cancelled_authorize", "The user cancelled the authorization"),
    LEAVE: ("user_cancelled_login", "The user cancelled LinkedIn login"),
}
BUTTONS = {AGREE: "Allow", REFUSE: "Cancel", LEAVE: "Leave without signing in"}


async def authorization(store: Store, request: Request) -> Response:
    """GET shows the form, POST sends the browser back with a code or a refusal."""
    asked = dict(request.query_params)
    client, uri, state = (asked.get(name, "") for name in ("client_id", "redirect_uri", "state"))
    if client not in CLIENTS:
        return page(TROUBLE, f'The passed in client_id is invalid "{client}"')
    if not is_registered(uri, store.redirects):
        return page(TROUBLE, "The redirect_uri does not match the registered value")
    if asked.get("response_type") != "code":
        return page(TROUBLE, "The sandbox answers response_type=code only.")
    scopes = list(dict.fromkeys(asked.get("scope", "").split()))
    if foreign := next((scope for scope in scopes if scope not in OF_THE_PRODUCTS), None):
        text = f"Scope &quot;{foreign}&quot; is not authorized for your application"
        return back(uri, {"error": "unauthorized_scope_error", "error_description": text, "state": state})
    if request.method == "GET":
        return consent("Tern & Tide Tools would like to", scopes, BUTTONS)
    answer, _ = await pressed(request)
    if answer != AGREE:
        error, text = REFUSALS.get(answer, REFUSALS[REFUSE])
        return back(uri, {"error": error, "error_description": text, "state": state})
    code = give_code(store, CODES, "AQTsandbox", CODE_LIFE, asked, scopes)
    return back(uri, {"code": code, "state": state})
