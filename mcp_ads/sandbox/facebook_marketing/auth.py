"""Which tokens the make-believe Graph takes, and what it says of them.

`sandbox-…` is good; with `expired` or `revoked` in it, it was; `proof` demands an appsecret_proof; `readonly`
lacks ads_management, `noleads` leads_retrieval, `noforms` pages_manage_ads; with `only-` and an account's
number, that account alone is listed; `systemuser` is a system user's and does not end; the person of
`unconfirmed` may not search the Ad Library. App tokens are
`<app id>|sandbox-secret`. Tokens that were given to somebody who agreed are known by their hashes, with their
app, scopes and end.
"""

from __future__ import annotations

import hmac
from typing import Any

from mcp_ads.sandbox.given import hashed
from mcp_ads.sandbox.given import state_of as state_of_row
from mcp_ads.sandbox.store import Store

from .errors import GraphError, dead_token, refused
from .state import ME

Body = dict[str, Any]
TOKENS = "facebook.token"
APP_ID = "1029384756102938"
DEVELOPMENT_APP_ID = "1029384756102939"
APPS = {APP_ID: "Tern & Tide Tools", DEVELOPMENT_APP_ID: "Tern & Tide Tools (development)"}
APP_SECRET = "sandbox-secret"  # noqa: S105 - the make-believe apps', known to everybody
LONG_LIVED = 5_183_944
DATA_ACCESS = 90 * 86_400
SCOPES = (
    "ads_management", "ads_read", "business_management", "leads_retrieval", "pages_manage_ads",
    "pages_read_engagement", "pages_show_list", "public_profile",
)  # fmt: skip
LACKS = {"readonly": "ads_management", "noleads": "leads_retrieval", "noforms": "pages_manage_ads"}
"""What a token with such a word in it was not granted."""
CREATIVES = ("POST account/adcreatives", "POST account/ads")


def state_of(store: Store, token: str) -> str:
    """`valid`, `expired`, `revoked` or `invalid`."""
    if row := store.get(TOKENS, hashed(token)):
        return state_of_row(store, row)
    app, bar, secret = token.partition("|")
    if bar and app in APPS and secret == APP_SECRET:
        return "valid"
    if not token.startswith("sandbox-"):
        return "invalid"
    return next((why for why in ("expired", "revoked") if why in token), "valid")


def only(token: str) -> str:
    """The one ad account that is listed to a token such as `sandbox-only-1234567890`; empty for all."""
    _, mark, account = token.partition("-only-")
    return account.partition("-")[0] if mark else ""


def scopes(store: Store, token: str) -> list[str]:
    """What was granted."""
    if (row := store.get(TOKENS, hashed(token))) and "scopes" in row:
        return list(row["scopes"])
    lacking = {scope for word, scope in LACKS.items() if word in token}
    return [scope for scope in SCOPES if scope not in lacking]


def permissions(store: Store, token: str) -> list[Body]:
    """What was asked for, with what became of it."""
    declined = (store.get(TOKENS, hashed(token)) or {}).get("declined", [])
    granted = [{"permission": scope, "status": "granted"} for scope in scopes(store, token)]
    return granted + [{"permission": scope, "status": "declined"} for scope in declined]


def app_of(store: Store, token: str) -> str:
    """The app a token was given to."""
    return str((store.get(TOKENS, hashed(token)) or {}).get("client", APP_ID))


def admit(store: Store, token: str, proof: str | None) -> None:
    """Let a caller in, or say why not."""
    if not token:
        raise GraphError(104, "An access token is required to request this resource.")
    if (state := state_of(store, token)) != "valid":
        raise dead_token(state)
    if proof is None and "proof" in token:
        text = "API calls from the server require an appsecret_proof argument"
        raise GraphError(100, text, type="GraphMethodException")
    if proof is not None and not hmac.compare_digest(proof, proof_of(token)):
        text = "Invalid appsecret_proof provided in the API argument"
        raise GraphError(100, text, type="GraphMethodException")


def admit_write(store: Store, token: str, edge: str, sent: Body) -> None:
    """Let a change be made, or say what is lacking: the permission, or an app that is public."""
    if "ads_management" not in scopes(store, token):
        text = "(#200) Requires ads_management permission to manage the object"
        raise GraphError(200, text, status=403)
    makes = edge == CREATIVES[0] or (edge in CREATIVES and "object_story_spec" in str(sent.get("creative")))
    if makes and app_of(store, token) == DEVELOPMENT_APP_ID:
        title = "Ads creative post was created by an app that is in development mode"
        raise refused(1885183, title, f"{title}. It must be in public to create this ad.")


def proof_of(token: str) -> str:
    return hmac.new(APP_SECRET.encode(), token.encode(), "sha256").hexdigest()


def inspect(store: Store, token: str, viewer: str) -> Body:
    """What /debug_token says to whoever looks."""
    state = state_of(store, token)
    if state == "invalid":
        return {
            "is_valid": False,
            "scopes": [],
            "error": {"code": 190, "message": "Invalid OAuth access token."},
        }
    app, bar, _ = viewer.partition("|")
    if bar and store.get(TOKENS, hashed(token)) and app != app_of(store, token):
        raise GraphError(100, "(#100) The App_id in the input_token did not match the Viewing App")
    about = _about(store, token, state)
    if state != "valid":
        error = dead_token(state).error
        about["error"] = {
            "code": error["code"],
            "subcode": error["error_subcode"],
            "message": error["message"],
        }
    return about


def _about(store: Store, token: str, state: str) -> Body:
    now, row, granted = int(store.clock.now()), store.get(TOKENS, hashed(token)) or {}, scopes(store, token)
    issued = row.get("created", now - 86_400)
    app, of_a_system_user = app_of(store, token), "systemuser" in token
    ends = row.get("expires", now - 60 if state == "expired" else now + LONG_LIVED)
    return {
        "app_id": app,
        "type": "SYSTEM_USER" if of_a_system_user else "USER",
        "application": APPS[app],
        "user_id": ME["id"],
        "is_valid": state == "valid",
        "issued_at": issued,
        "expires_at": 0 if of_a_system_user else int(ends),
        "data_access_expires_at": 0 if of_a_system_user else row.get("created", now) + DATA_ACCESS,
        "scopes": granted,
        "granular_scopes": [{"scope": scope} for scope in granted],
    }
