"""Graph as far as a sign-in calls it: its token endpoint, who holds a token, and what it says of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from mcp_ads.auth.fixed import proof
from mcp_ads.errors import AuthError
from mcp_ads.platforms import HOSTS, Platform

from .base import LOST
from .consent import App, quoted
from .protocol import Refusal, asked, seconds, token

WRONG_APP = "check the app id and secret: App settings > Basic"
FIXES: Mapping[tuple[int, int], str] = {
    (100, 0): f"{WRONG_APP}, then run the same command again",
    (100, 36007): LOST,
    (100, 36008): "the redirect URI has to be the same all the way; run the same command again",
    (100, 36009): LOST,
    (1, 0): WRONG_APP,
    (101, 0): WRONG_APP,
}
"""What to do, by code and subcode of Graph."""
DEAD = 190
NO_CODE = "Invalid verification code format"
CUT = "what was pasted is not the whole address: run the same command again and paste it from http to its end"
SHOWN = ("client_id", "redirect_uri", "grant_type")
"""What of a request to the token endpoint is no secret."""


@dataclass(frozen=True)
class Graph:
    """The few calls of Graph that a sign-in makes; its refusals are errors with what to do."""

    http: httpx.Client
    platform: Platform
    app: App

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """A token of the app's token endpoint. Raises AuthError, PlatformDown."""
        both = {"client_id": self.app.client_id, "client_secret": self.app.client_secret, **form}
        try:
            return token(self.http, self.at("/oauth/access_token"), both, "Facebook", method="GET")
        except Refusal as refusal:
            error = refusal.error if isinstance(refusal.error, dict) else {"message": str(refusal.error)}
            hidden = [text for name, text in both.items() if name not in SHOWN]
            raise self.refusal(error, *hidden) from None

    def read(self, path: str, token: str, **query: str) -> Mapping[str, Any]:
        """An answer of Graph to who holds a token. Raises AuthError, PlatformDown."""
        if self.app.client_secret:
            query["appsecret_proof"] = proof(token, self.app.client_secret)
        bearer = {"Authorization": f"Bearer {token}"}
        _, found = asked(self.http, self.at(path), "Facebook", params=query, headers=bearer)
        if isinstance(found.get("error"), dict):
            raise self.refusal(found["error"], token)
        return found

    def debugged(self, token: str) -> Mapping[str, Any]:
        """What Graph says of a token: kind, end, scopes; empty where it says that to nobody without a secret.

        Raises AuthError where the token is dead, or another app's than the one whose id was given.
        """
        asker = f"{self.app.client_id}|{self.app.client_secret}" if self.app.client_secret else token
        bearer = {"Authorization": f"Bearer {asker}"}
        query = {"input_token": token}
        _, found = asked(self.http, self.at("/debug_token"), "Facebook", params=query, headers=bearer)
        if isinstance(found.get("error"), dict) and self.app.client_secret:
            raise self.refusal(found["error"], token, asker)
        about = found.get("data")
        if not isinstance(about, dict):
            return {}
        if about.get("is_valid") is False:
            error = about.get("error")
            raise self.refusal(error if isinstance(error, dict) else {"code": DEAD}, token, asker)
        owner = str(about.get("app_id") or "")
        if self.app.client_id and owner and owner != self.app.client_id:
            raise AuthError(
                f"the token is of the app {quoted(owner, 40)}, not of {quoted(self.app.client_id, 40)}",
                fix="run the same command again with that app's id and secret: type them where they are "
                f"asked for, or set {self.platform.prefix}_CLIENT_ID and _CLIENT_SECRET",
            )
        return about

    def granted(self, token: str) -> tuple[str, ...]:
        """The scopes that were granted to a token."""
        rows = self.read("/me/permissions", token).get("data") or []
        return tuple(str(row["permission"]) for row in rows if row.get("status") == "granted")

    def at(self, path: str) -> str:
        """The address of a path of this version."""
        host = self.platform.hosts.get("") or HOSTS["facebook_marketing"][""]
        return f"{host}/{self.platform.version}{path}"

    def refusal(self, error: Mapping[str, Any], *secrets: str) -> AuthError:
        """What Graph says of a refused call, without what was sent."""
        code, subcode = (int(seconds(error.get(name))) for name in ("code", "error_subcode"))
        said = str(error.get("message") or "")
        for secret in filter(None, secrets):
            said = said.replace(secret, "…")
        place = f"{code}/{subcode}" if subcode else str(code)
        dead = "make a new token" if code == DEAD else "run the same command again"
        fix = FIXES.get((code, subcode)) or FIXES.get((code, 0)) or dead
        fix = CUT if NO_CODE in said else fix
        text = f": {quoted(said)}" if said else ""
        return AuthError(f"Facebook refused ({place}{text})", fix=fix, code=place)
