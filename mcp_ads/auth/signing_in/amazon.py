"""Amazon: Login with Amazon, with PKCE; the refresh token ends a year after the day of consent.

Source: Amazon Ads docs, Account management: authorization grants, access tokens, refresh tokens.
"""

from __future__ import annotations

import time

import httpx

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.errors import AuthError
from mcp_ads.platforms import AUTH_URLS, TOKEN_URLS, Platform

from .base import LOST, SigningIn
from .consent import App, Consent
from .protocol import exchanged, seconds

REGION_TOKEN_URLS = {
    "NA": "https://api.amazon.com/auth/o2/token",
    "EU": "https://api.amazon.co.uk/auth/o2/token",
    "FE": "https://api.amazon.co.jp/auth/o2/token",
}
CONSENT_LIVES = 365 * 86_400
"""Seconds from the advertiser's consent to the end of a refresh token; refreshing does not extend it."""
FIXES = {
    "invalid_client": "check the client id and secret: the security profile > Web Settings",
    "invalid_grant": LOST,
    "unauthorized_client": "Amazon has to approve the security profile for the Ads API first",
    "invalid_request": f"{LOST}; the return URL has to be the registered one, letter by letter",
}
USES = {
    "advertising::campaign_management": "everything: accounts, campaigns, figures and changes",
    "advertising::audiences": "audience uploads of data providers (a separate approval)",
    "advertising::test:create_account": "making test accounts",
}


class AmazonSigningIn(SigningIn):
    """Login with Amazon for the Ads API."""

    connector, title = "amazon_ads", "Amazon"
    client_ids = (r"amzn1\.application-oa2-client\.\S+", "it begins with amzn1.application-oa2-client.")
    pkce = True
    uses = USES
    reading = everything = ("advertising::campaign_management",)
    app_page = "developer.amazon.com > Login with Amazon > your security profile > Web Settings"
    redirects = f"{app_page} > Allowed Return URLs"
    unregistered = "The redirect URI you provided has not been whitelisted for your application"
    caution = "Amazon takes http on localhost only; any other return URL has to be https"
    revoke = "amazon.com/ap/adam"

    def page(self, platform: Platform) -> str:
        known = AUTH_URLS["amazon_ads"]
        theirs = platform.auth_url not in known.values()
        return platform.auth_url if theirs else known[_region(platform)]

    def signed_in(
        self, http: httpx.Client, platform: Platform, app: App, consent: Consent, code: str
    ) -> SignedIn:
        now = time.time()
        answer = exchanged(http, _token_url(platform), consent, app, code, self.title, FIXES)
        if not answer.get("refresh_token"):
            fix = "check that the app may use the Ads API, then run the same command again"
            raise AuthError("Amazon gave no refresh token, without which nothing lasts an hour", fix=fix)
        return SignedIn(
            connector=self.connector,
            client_id=app.client_id,
            client_secret=app.client_secret,
            access_token=answer["access_token"],
            refresh_token=str(answer["refresh_token"]),
            access_ends=now + (seconds(answer.get("expires_in")) or 3600),
            refresh_ends=now + CONSENT_LIVES,
            consented=now,
            granted=consent.scopes,
        )


def _region(platform: Platform) -> str:
    """The region whose pages are used: the one there is, else North America's, which serve all."""
    return next(iter(platform.hosts)) if len(platform.hosts) == 1 else "NA"


def _token_url(platform: Platform) -> str:
    """The token endpoint of the settings, or that of the region whose page gave the code."""
    known = TOKEN_URLS["amazon_ads"]
    if platform.token_url and platform.token_url != known:
        return platform.token_url
    return REGION_TOKEN_URLS[_region(platform)]
