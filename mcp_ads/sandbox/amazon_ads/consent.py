"""The page of Login with Amazon on which an advertiser agrees that an app acts for them."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response
from starlette.types import ASGIApp

from mcp_ads.sandbox.given import give_code
from mcp_ads.sandbox.pages import AGREE, REFUSE, back, consent, is_registered, page, pressed
from mcp_ads.sandbox.store import Store

from .errors import refusal
from .tokens import CLIENT, CODES

PATH = "/ap/oa"
CODE_LIFE = 300
OF_ADS = {
    "advertising::campaign_management",
    "advertising::test:create_account",
    "cpc_advertising:campaign_management",
}
"""What only clients have that Amazon has approved for its Ads API."""
OF_ALL = {"profile", "profile:user_id", "postal_code"}
SORRY = (
    "An error occurred when we tried to process your request. Rest assured, we're already working on the "
    "problem and expect to resolve it shortly."
)
NOT_LISTED = (
    "The redirect URI you provided has not been whitelisted for your application. Please add your redirect "
    "URI in the 'Allowed Return URLs' section under 'Web Settings' for your Security Profile on Amazon "
    "Developer Portal."
)
DENIED = {"error_description": "Access not permitted.", "error": "access_denied"}
UNKNOWN_SCOPE = {"error_description": "An unknown scope was requested", "error": "invalid_scope"}


def consent_app(store: Store) -> ASGIApp:
    """The consent page; every region has one, and they are alike."""
    return request_response(partial(_answer, store))


async def _answer(store: Store, request: Request) -> Response:
    """GET shows the form, POST sends the browser back with a code or a refusal."""
    if request.url.path != PATH or request.method not in ("GET", "POST"):
        return refusal(404, f"the sandbox has no {request.method} {request.url.path}")
    asked = dict(request.query_params)
    client, uri, state = (asked.get(name, "") for name in ("client_id", "redirect_uri", "state"))
    if wrong := _problem(store, asked):
        return wrong
    scopes = list(dict.fromkeys(asked.get("scope", "").split()))
    known = OF_ALL if "unapproved" in client else OF_ALL | OF_ADS
    if not scopes or not known.issuperset(scopes):
        return back(uri, {**UNKNOWN_SCOPE, "state": state})
    if request.method == "GET":
        return consent("Tern & Tide Tools would like access to", scopes, {AGREE: "Allow", REFUSE: "Cancel"})
    if (await pressed(request))[0] != AGREE:
        return back(uri, {**DENIED, "state": state})
    code = give_code(store, CODES, "ANsandbox", CODE_LIFE, asked, scopes)
    return back(uri, {"code": code, "scope": " ".join(scopes), "state": state})


def _problem(store: Store, asked: dict[str, str]) -> Response | None:
    """The page that is shown in place of the form, if there is one."""
    client, uri = asked.get("client_id", ""), asked.get("redirect_uri", "")
    if not client.startswith(CLIENT):
        why = "Unknown client id."
    elif not is_registered(uri, store.redirects):
        why = NOT_LISTED
    elif asked.get("response_type") != "code":
        why = "The sandbox answers response_type=code only."
    else:
        return None
    details = f"Request Details client_id={client} redirect_uri={uri}"
    return page("We're sorry!", SORRY, f"Error Summary 400 Bad Request {why}", details)
