"""The dialog of www.facebook.com on which a person agrees, scope by scope, that an app acts for them."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from mcp_ads.sandbox.given import give_code
from mcp_ads.sandbox.pages import AGREE, REFUSE, WEB, back, consent, host, is_registered, page, pressed
from mcp_ads.sandbox.store import Store

from .auth import APPS, DEVELOPMENT_APP_ID
from .exchange import CODES
from .state import ME

CODE_LIFE = 600
ALWAYS = "public_profile"
OFFERED = (
    "ads_management", "ads_read", "business_management", "catalog_management", "email", "instagram_basic",
    "leads_retrieval", "pages_manage_ads", "pages_manage_metadata", "pages_read_engagement",
    "pages_show_list", "read_insights", ALWAYS,
)  # fmt: skip
CONFIGURATIONS = {
    "1122334455667788": ("ads_management", "ads_read", "business_management", "pages_show_list"),
}
"""What a configuration of Facebook Login for Business asks for in place of `scope`."""
DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_description": "Permissions error",
    "error_reason": "user_denied",
}
FRAGMENT = "_=_"
"""What Facebook puts behind every redirect."""


async def dialog(store: Store, request: Request) -> Response:
    """GET shows the form, POST sends the browser back with a code or a refusal."""
    asked = dict(request.query_params)
    if wrong := _problem(store, asked):
        return wrong
    scopes = _scopes(asked)
    if unknown := [scope for scope in scopes if scope not in OFFERED]:
        text = (
            f"Invalid Scopes: {', '.join(unknown)}. This message is only shown to developers. Users of your "
            "app will ignore these permissions if present. Please read the documentation for valid "
            "permissions at: https://developers.facebook.com/docs/facebook-login/permissions"
        )
        return page("Invalid Scopes", text)
    if request.method == "GET":
        title = f"{APPS[asked['client_id']]} is requesting access to"
        buttons = {AGREE: f"Continue as {ME['first_name']}", REFUSE: "Not now"}
        return consent(title, [scope for scope in scopes if scope != ALWAYS], buttons, single=True)
    answer, boxes = await pressed(request)
    state = asked.get("state", "")
    if answer != AGREE:
        return back(asked["redirect_uri"], {**DENIED, "state": state}, FRAGMENT)
    ticked = {*boxes, ALWAYS}
    granted = [scope for scope in (*scopes, ALWAYS) if scope in ticked]
    declined = [scope for scope in scopes if scope not in ticked]
    code = give_code(store, CODES, "AQSandbox", CODE_LIFE, asked, granted, declined=declined)
    return back(asked["redirect_uri"], {"code": code, "state": state}, FRAGMENT)


def _problem(store: Store, asked: Mapping[str, str]) -> Response | None:
    """The page that is shown in place of the form, if there is one."""
    client, uri = asked.get("client_id", ""), asked.get("redirect_uri", "")
    if client not in APPS:
        return page(
            "Invalid App ID", "Invalid App ID: The provided app ID does not look like a valid app ID."
        )
    if asked.get("response_type", "code") != "code":
        return page("Sorry, something went wrong", "The sandbox answers response_type=code only.")
    if "config_id" in asked and asked["config_id"] not in CONFIGURATIONS:
        text = "This app needs at least one supported permission."
        return page("It looks like this app isn't available", text)
    return _problem_of_address(store, client, uri)


def _problem_of_address(store: Store, client: str, uri: str) -> Response | None:
    local = host(uri) == "localhost" and uri.startswith("http") and client == DEVELOPMENT_APP_ID
    if uri.startswith("http:") and not local:
        name = APPS[client]
        text = f"{name} isn't using a secure connection to transfer information."
        more = (
            f"Until {name} updates its security settings, you won't be able to use Facebook to log into it."
        )
        return page("Facebook Login", f"Facebook has detected {text} {more}")
    if local or is_registered(uri, store.redirects):
        return None
    if host(uri) == host(WEB):
        text = (
            "This redirect failed because the redirect URI is not white-listed in the app's client OAuth "
            "settings. Make sure that the client and web OAuth logins are on and add all your app domains as "
            "valid OAuth redirect URIs."
        )
        return page("URL blocked", f"URL blocked: {text}")
    text = (
        "Can't load URL: The domain of this URL isn't included in the app's domains. To be able to load this "
        "URL, add all domains and sub-domains of your app to the App Domains field in your app settings."
    )
    return page("Can't load URL", text)


def _scopes(asked: Mapping[str, str]) -> list[str]:
    if "config_id" in asked:
        return list(CONFIGURATIONS[asked["config_id"]])
    texts = asked.get("scope", "").replace(" ", ",").split(",")
    return list(dict.fromkeys(text for text in texts if text))
