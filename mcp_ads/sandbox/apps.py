"""The make-believe apps somebody can sign in with, as lines to print."""

from __future__ import annotations

from .amazon_ads.tokens import CLIENT as AMAZON
from .facebook_marketing.auth import APP_ID, APP_SECRET, DEVELOPMENT_APP_ID
from .linkedin_ads.tokens import CLIENT as LINKEDIN
from .linkedin_ads.tokens import WITHOUT_REFRESH
from .pages import WEB

LINES = (
    "apps to sign in with, all with the secret " + APP_SECRET + ":",
    f"  facebook-marketing: {DEVELOPMENT_APP_ID} (in development mode), {APP_ID} (live: no localhost)",
    f"  linkedin-ads: {LINKEDIN}, {WITHOUT_REFRESH} (gets no refresh token)",
    f"  amazon-ads: {AMAZON}, {AMAZON}-unapproved (not approved for the Ads API)",
    f"  redirect URIs: http://localhost:8765/connector/callback (any port), {WEB}",
)
