"""Facebook: a code for an hour's token, that one for a token of sixty days, and what Graph says of it.

Source: Meta docs, Manually build a login flow; Get long-lived access tokens; Debug token.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace

import httpx

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.errors import AuthError
from mcp_ads.platforms import Platform

from .base import TokensToo, refused_of
from .consent import App, Consent, quoted
from .graph import Graph
from .protocol import consent, seconds

CONFIGURATION = re.compile(r"\d{5,25}", re.ASCII)
SYSTEM_USER = "SYSTEM_USER"
USES = {
    "ads_read": "reading accounts, campaigns, ads and their figures",
    "ads_management": "every change",
    "business_management": "businesses, their accounts and catalogs",
    "pages_show_list": "the Pages ads are published by",
    "pages_read_engagement": "posts of Pages, for creatives",
    "pages_manage_ads": "lead forms and ads of Pages",
    "leads_retrieval": "leads that people left in forms",
    "catalog_management": "product catalogs",
    "instagram_basic": "the Instagram accounts ads are shown by",
    "pages_manage_metadata": "webhooks of Pages (no action is known to need it)",
    "read_insights": "figures of Pages (no action is known to need it)",
}


class FacebookSigningIn(TokensToo):
    """Facebook Login; a refused scope leaves the others granted."""

    connector, title = "facebook_marketing", "Facebook"
    client_ids = (r"\d{5,25}", "an app id is a number")
    separator = ","
    uses = USES
    reading = ("ads_read", "business_management", "pages_show_list", "pages_read_engagement")
    everything = (
        "ads_read", "ads_management", "business_management", "pages_show_list", "pages_read_engagement",
        "pages_manage_ads", "leads_retrieval", "catalog_management", "instagram_basic",
    )  # fmt: skip
    app_page = "developers.facebook.com/apps > your app > App settings > Basic"
    redirects = (
        "developers.facebook.com/apps > your app > Facebook Login > Settings > Valid OAuth Redirect URIs"
    )
    unregistered = "Can't load URL: The domain of this URL isn't included in the app's domains"
    caution = (
        "Meta takes localhost only while the app is in development mode, and with such an app new creatives "
        "are refused (100/1885183): switch the app to live afterwards, or use --redirect-uri https://…"
    )
    revoke = "facebook.com/settings?tab=business_tools, or for a system user Business settings > System users"
    pasted = (
        "a system user's token (recommended: it does not end): Business settings > Users > System users > "
        "Generate new token"
    )

    def scopes(self, wanted: str) -> tuple[str, ...]:
        """Also the number of a configuration of Facebook Login for Business, which has scopes of its own."""
        return (wanted,) if CONFIGURATION.fullmatch(wanted) else super().scopes(wanted)

    def consent(self, platform: Platform, app: App, redirect_uri: str, scopes: tuple[str, ...]) -> Consent:
        if len(scopes) == 1 and CONFIGURATION.fullmatch(scopes[0]):
            return consent(app, self.page(platform), redirect_uri, (), config_id=scopes[0])
        return super().consent(platform, app, redirect_uri, scopes)

    def signed_in(
        self, http: httpx.Client, platform: Platform, app: App, consent: Consent, code: str
    ) -> SignedIn:
        graph = Graph(http, platform, app)
        given = {"code": code, "redirect_uri": consent.redirect_uri}
        brief = graph.token({"grant_type": "authorization_code", **given})["access_token"]
        try:
            long = graph.token({"grant_type": "fb_exchange_token", "fb_exchange_token": brief})
        except AuthError as error:
            raise AuthError(
                f"Facebook gave a token of an hour or two and none of sixty days for it: {error}",
                fix=error.fix,
            ) from None
        found = self.looked_at(graph, long["access_token"], consent.scopes)
        ends = found.access_ends or time.time() + seconds(long.get("expires_in"))
        return replace(found, access_ends=ends, consented=time.time())

    def with_token(self, http: httpx.Client, platform: Platform, app: App, token: str) -> SignedIn:
        return self.looked_at(Graph(http, platform, app), token, ())

    def looked_at(self, graph: Graph, token: str, wanted: tuple[str, ...]) -> SignedIn:
        """A token as Graph describes it. Raises AuthError where it is not good."""
        me = graph.read("/me", token, fields="id,name")
        known = graph.debugged(token)
        granted = tuple(known.get("scopes") or graph.granted(token))
        system = known.get("type") == SYSTEM_USER
        return SignedIn(
            connector=self.connector,
            client_id=graph.app.client_id,
            client_secret=graph.app.client_secret,
            access_token=token,
            access_ends=seconds(known.get("expires_at")),
            granted=granted,
            refused=refused_of(wanted, granted),
            who=quoted(str(me.get("name") or me.get("id") or ""), 60),
            kind="system user" if system else "user",
        )
