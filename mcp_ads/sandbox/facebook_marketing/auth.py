"""Which tokens the make-believe Graph takes, and what it says of them.

`sandbox-…` is good; with `expired` or `revoked` in it, it was; `proof` demands an appsecret_proof; `readonly`
lacks ads_management; with `only-` and an account's number, that account alone is listed. App tokens are
`<app id>|sandbox-secret`.
"""

from __future__ import annotations

import hmac
import time
from typing import Any

from .errors import GraphError, dead_token, missing
from .state import ME

Body = dict[str, Any]
APP_ID = "1029384756102938"
APP_SECRET = "sandbox-secret"  # noqa: S105 - the make-believe app's, known to everybody
LONG_LIVED = 5_183_944
SCOPES = ("ads_management", "ads_read", "business_management", "pages_show_list", "public_profile")


def state_of(token: str) -> str:
    """`valid`, `expired`, `revoked` or `invalid`."""
    if token.endswith(f"|{APP_SECRET}"):
        return "valid"
    if not token.startswith("sandbox-"):
        return "invalid"
    return next((why for why in ("expired", "revoked") if why in token), "valid")


def only(token: str) -> str:
    """The one ad account that is listed to a token such as `sandbox-only-1234567890`; empty for all."""
    _, mark, account = token.partition("-only-")
    return account.partition("-")[0] if mark else ""


def scopes(token: str) -> list[str]:
    return [scope for scope in SCOPES if scope != "ads_management" or "readonly" not in token]


def admit(token: str, proof: str | None) -> None:
    """Let a caller in, or say why not."""
    if not token:
        raise GraphError(104, "An access token is required to request this resource.")
    if (state := state_of(token)) != "valid":
        raise dead_token(state)
    if proof is None and "proof" in token:
        text = "API calls from the server require an appsecret_proof argument"
        raise GraphError(100, text, type="GraphMethodException")
    if proof is not None and not hmac.compare_digest(proof, proof_of(token)):
        text = "Invalid appsecret_proof provided in the API argument"
        raise GraphError(100, text, type="GraphMethodException")


def admit_write(token: str) -> None:
    if "ads_management" not in scopes(token):
        text = "(#200) Requires ads_management permission to manage the object"
        raise GraphError(200, text, status=403)


def proof_of(token: str) -> str:
    return hmac.new(APP_SECRET.encode(), token.encode(), "sha256").hexdigest()


def inspect(token: str) -> Body:
    """What /debug_token says."""
    state = state_of(token)
    if state == "invalid":
        return {
            "is_valid": False,
            "scopes": [],
            "error": {"code": 190, "message": "Invalid OAuth access token."},
        }
    about = _about(token, state)
    if state != "valid":
        error = dead_token(state).error
        about["error"] = {
            "code": error["code"],
            "subcode": error["error_subcode"],
            "message": error["message"],
        }
    return about


def _about(token: str, state: str) -> Body:
    now = int(time.time())
    return {
        "app_id": APP_ID,
        "type": "USER",
        "application": "Tern & Tide Tools",
        "user_id": ME["id"],
        "is_valid": state == "valid",
        "issued_at": now - 86_400,
        "expires_at": now - 60 if state == "expired" else now + LONG_LIVED,
        "data_access_expires_at": now + 7_776_000,
        "scopes": scopes(token),
        "granular_scopes": [{"scope": scope} for scope in scopes(token)],
    }


def exchange(sent: Body) -> Body:
    """What /oauth/access_token answers: an app token, a code's token, or a longer-lived one."""
    for name in ("client_id", "client_secret"):
        if name not in sent:
            raise missing(name)
    if sent["client_secret"] != APP_SECRET:
        raise GraphError(1, "Error validating client secret.")
    if sent.get("grant_type") == "client_credentials":
        return {"access_token": f"{sent['client_id']}|{APP_SECRET}", "token_type": "bearer"}
    if sent.get("grant_type") == "fb_exchange_token":
        if (state := state_of(str(sent.get("fb_exchange_token", "")))) != "valid":
            raise dead_token(state)
    elif not sent.get("code"):
        raise missing("code")
    return {"access_token": "sandbox-long-lived", "token_type": "bearer", "expires_in": LONG_LIVED}
