"""LinkedIn: a code for a token of sixty days, with a refresh token where LinkedIn grants those.

Source: Microsoft Learn, LinkedIn 3-legged OAuth flow; Programmatic refresh tokens; Token introspection.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.errors import AuthError, PlatformDown
from mcp_ads.platforms import HOSTS, TOKEN_URLS, Platform

from .base import LOST, TokensToo, refused_of
from .consent import App, Consent, quoted
from .protocol import Refusal, asked, exchanged, in_words, seconds

FIXES = {
    "invalid_client": "check the client id and secret: the app's page > Auth",
    "invalid_grant": LOST,
    "invalid_request": f"{LOST}; the redirect URI has to be the registered one, letter by letter",
    "invalid_redirect_uri": "register the redirect URI, letter by letter: the app's page > Auth",
}
DAYS_60 = 60 * 86_400
UNAUTHORIZED, FORBIDDEN = 401, 403
USES = {
    "r_ads": "reading accounts, campaigns and creatives",
    "rw_ads": "every change",
    "r_ads_reporting": "figures",
    "r_organization_social": "posts and images of Pages, for creatives",
    "w_organization_social": "making posts and images of Pages",
    "rw_conversions": "conversions (the Conversions API product)",
    "r_marketing_leadgen_automation": "leads that people left in forms (the Lead Sync API product)",
    "rw_dmp_segments": "audience uploads (the Matched Audiences product)",
    "r_organization_admin": "which Pages there are",
}


class LinkedinSigningIn(TokensToo):
    """Sign In with LinkedIn; its consent is all or nothing."""

    connector, title = "linkedin_ads", "LinkedIn"
    uses = USES
    reading = ("r_ads", "r_ads_reporting")
    everything = ("r_ads", "rw_ads", "r_ads_reporting", "r_organization_social", "w_organization_social")
    app_page = "linkedin.com/developers/apps > your app > Auth"
    redirects = "linkedin.com/developers/apps > your app > Auth > Authorized redirect URLs for your app"
    unregistered = "The redirect_uri does not match the registered value"
    caution = (
        "LinkedIn documents https addresses only: where it does not take one on this machine, register an "
        "https address of yours and pass it as --redirect-uri"
    )
    revoke = "linkedin.com/psettings/permitted-services"
    token_first = True
    pasted = (
        "an access token of the developer portal (60 days): "
        "linkedin.com/developers/tools/oauth/token-generator"
    )

    def signed_in(
        self, http: httpx.Client, platform: Platform, app: App, consent: Consent, code: str
    ) -> SignedIn:
        now = time.time()
        answer = exchanged(http, _token_url(platform), consent, app, code, self.title, FIXES)
        granted = _scopes(answer.get("scope")) or consent.scopes
        refresh = str(answer.get("refresh_token") or "")
        found = SignedIn(
            connector=self.connector,
            client_id=app.client_id,
            client_secret=app.client_secret,
            access_token=answer["access_token"],
            refresh_token=refresh,
            access_ends=now + (seconds(answer.get("expires_in")) or DAYS_60),
            refresh_ends=_from(now, answer.get("refresh_token_expires_in")) if refresh else 0.0,
            consented=now,
            granted=granted,
            refused=refused_of(consent.scopes, granted),
        )
        return replace(found, who=_member(http, platform, found.access_token, sure=False))

    def with_token(self, http: httpx.Client, platform: Platform, app: App, token: str) -> SignedIn:
        """A token of the developer portal. Its end is known where the app's secret lets LinkedIn be asked."""
        who = _member(http, platform, token)
        known = _inspected(http, platform, app, token) if app.client_secret else {}
        if known.get("active") is False and known.get("status") in ("expired", "revoked"):
            raise AuthError(f"LinkedIn: the token is {known['status']}", fix="make a new one")
        return SignedIn(
            connector=self.connector,
            client_id=app.client_id,
            client_secret=app.client_secret,
            access_token=token,
            access_ends=seconds(known.get("expires_at")),
            consented=seconds(known.get("authorized_at")),
            granted=_scopes(known.get("scope")),
            who=who,
            kind="developer portal",
        )


def _member(http: httpx.Client, platform: Platform, token: str, *, sure: bool = True) -> str:
    """The member a token acts for, as the platform names it; empty where it does not.

    A fresh token may be called revoked for some seconds: where it must not be `sure`, that is no refusal.
    Raises AuthError, PlatformDown.
    """
    host = platform.hosts.get("") or HOSTS["linkedin_ads"][""]
    headers = {
        "Authorization": f"Bearer {token}",
        "LinkedIn-Version": platform.version,
        "X-Restli-Protocol-Version": "2.0.0",
        "X-RestLi-Method": "FINDER",
    }
    query = {"q": "authenticatedUser", "start": "0", "count": "1"}
    try:
        status, found = asked(http, f"{host}/rest/adAccountUsers", "LinkedIn", params=query, headers=headers)
    except PlatformDown:
        if sure:
            raise
        return ""
    if status in (UNAUTHORIZED, FORBIDDEN) and sure:
        said = quoted(str(found.get("message") or "").replace(token, "…"))
        why = "does not take the token" if status == UNAUTHORIZED else "lets the token read no ads"
        fix = "paste it whole, or make a new one with r_ads and r_ads_reporting (rw_ads for changes)"
        raise AuthError(f"LinkedIn {why}{f' ({said})' if said else ''}", status=status, fix=fix)
    if status >= httpx.codes.BAD_REQUEST and sure:
        raise PlatformDown(f"LinkedIn: HTTP {status}", status=status, fix="try again in a minute")
    rows = found.get("elements")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    return quoted(str(first.get("user") or ""), 60)


def _inspected(http: httpx.Client, platform: Platform, app: App, token: str) -> Mapping[str, Any]:
    """What LinkedIn says of a token to the app it belongs to. Raises AuthError, PlatformDown."""
    parts = urlsplit(_token_url(platform))
    url = urlunsplit((parts.scheme, parts.netloc, "/oauth/v2/introspectToken", "", ""))
    form = {"token": token, "client_id": app.client_id, "client_secret": app.client_secret}
    _, found = asked(http, url, "LinkedIn", data=form)
    if error := found.get("error"):
        refusal = Refusal(error, str(found.get("error_description") or ""))
        raise in_words(refusal, "LinkedIn", FIXES, (token, app.client_secret))
    return found


def _token_url(platform: Platform) -> str:
    return platform.token_url or TOKEN_URLS["linkedin_ads"]


def _scopes(text: Any) -> tuple[str, ...]:
    """Scopes as LinkedIn answers them: by commas, although they are asked for by spaces."""
    return tuple(str(text or "").replace(",", " ").split())


def _from(now: float, life: Any) -> float:
    """When something ends that lives so long; 0 where that is not said."""
    return now + seconds(life) if seconds(life) else 0.0
