"""The access token in use, as LinkedIn tells its app: until when, for what, and what it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from mcp_ads.connectors.linkedin_ads.dialect import METHOD
from mcp_ads.core import NONE, POST, Context, Entity, Flow, Request, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.bodies import Credentials
from mcp_ads.core.page_records import strange
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import ApiError, AuthError

DAY = 86_400
CONSENT_DAYS, WARNED_DAYS, ACCESS_DAYS = 365, 31, 10
"""How long a consent lives, which no renewal moves, and how long before an end that is said."""
ABOUT_THE_TOKEN = Request(
    "POST",
    "/oauth/v2/introspectToken",
    body=Credentials({"token": "ACCESS_TOKEN", "client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET"}),
    host="www.linkedin.com",
)
REAL_READ = Request(
    "GET",
    "/adAccountUsers",
    {"q": "authenticatedUser", "start": 0, "count": 1},
    headers={METHOD: "FINDER"},
    private=True,
)
USES = {
    "r_ads": "reading accounts, campaigns and creatives",
    "rw_ads": "every change; also reading campaign_conversions, insight_tags and dmp_segments",
    "r_ads_reporting": "analytics",
    "r_organization_social": "posts list and get",
    "w_organization_social": "posts create and delete, images, videos, documents, creatives create_inline",
    "r_organization_admin": "organizations",
    "rw_conversions": "conversion_events (product Conversions API)",
    "r_marketing_leadgen_automation": "lead_form_responses (product Lead Sync API)",
    "rw_dmp_segments": "dmp_segments add_members and remove_members (product Matched Audiences)",
}
"""What each scope is for here (Microsoft Learn, LinkedIn Marketing API, permissions)."""
COVERED = {"r_ads": "rw_ads", "r_organization_admin": "rw_organization_admin"}
TOKEN = (
    "status", "works", "scopes", "lacks", "expires", "consented", "consent_ends", "created", "client_id",
    "auth_type",
)  # fmt: skip
TELLING = ("active", "status", "client_id")
FRESH = "LinkedIn calls the token {} and takes it all the same, as it does for seconds after it was made"


class IntrospectToken(KnownRead):
    """Read what the access token in use may do: scopes, what they lack for which entities, until when.

    Needs the app's client id and secret in the settings. `works` is what a real read said. Times are UTC.
    """

    said = "permissions of the credentials, scopes, token expiry, when to sign in again, what is missing"

    http, whose = POST("/oauth/v2/introspectToken"), NONE
    lean, known = ("status", "works", "scopes", "lacks", "expires", "consent_ends"), TOKEN

    def flow(self, context: Context) -> Flow:
        about = yield ABOUT_THE_TOKEN
        if not isinstance(about, Mapping) or about.keys().isdisjoint(TELLING):
            raise strange("the answer says nothing of a token")
        if isinstance(self, AsSent):
            return Result(about)
        try:
            yield REAL_READ
            works = "yes"
        except ApiError as error:
            works = "no" if isinstance(error, AuthError) and error.sign_in else f"not known: {error}"
        row = _row(about, works)
        warnings = list(_warnings(about, row, context.today))
        return Result(row, {"warnings": warnings} if warnings else {})


def lacking(granted: Collection[str]) -> dict[str, str]:
    """The scopes that are not among those granted, nor covered by one, and what each is for here."""
    return {
        scope: use
        for scope, use in USES.items()
        if scope not in granted and COVERED.get(scope) not in granted
    }


def _row(about: Mapping[str, Any], works: str) -> dict[str, Any]:
    granted = str(about.get("scope") or "").replace(",", " ").split()
    since = _seconds(about, "authorized_at") or _seconds(about, "created_at")
    return {
        "status": str(about.get("status") or ("active" if about.get("active") else "unknown to the app")),
        "works": works,
        "scopes": " ".join(sorted(granted)),
        "lacks": "; ".join(f"{scope}: {use}" for scope, use in lacking(granted).items()),
        "expires": _time(_seconds(about, "expires_at")),
        "consented": _time(since),
        "consent_ends": _time(since + CONSENT_DAYS * DAY if since else 0),
        "created": _time(_seconds(about, "created_at")),
        "client_id": about.get("client_id"),
        "auth_type": about.get("auth_type"),
    }


def _warnings(about: Mapping[str, Any], row: Mapping[str, Any], today: date) -> Iterator[str]:
    """Days that are left are those of the calendar: the same from morning to night."""
    if row["status"] != "active" and row["works"] == "yes":
        yield FRESH.format(row["status"])
    elif row["works"] == "no":
        yield f"LinkedIn calls the token {row['status']} and does not accept it for a read: sign in again"
    elif row["status"] != "active":
        yield f"LinkedIn calls the token {row['status']}: sign in again"
    since = _seconds(about, "authorized_at") or _seconds(about, "created_at")
    days = _days(since + CONSENT_DAYS * DAY, today)
    if since and days < WARNED_DAYS:
        end = row["consent_ends"]
        yield f"the consent ends {end} ({days} days): no renewal moves that, sign in again"
    until = _seconds(about, "expires_at")
    left = _days(until, today)
    if until and row["status"] == "active" and left < ACCESS_DAYS:
        yield f"the access token ends {row['expires']} ({left} days), unless a refresh token renews it"


def _days(seconds: int, today: date) -> int:
    return (datetime.fromtimestamp(seconds, UTC).date() - today).days


def _seconds(about: Mapping[str, Any], name: str) -> int:
    value = about.get(name)
    return value if type(value) is int and value > 0 else 0


def _time(seconds: int) -> str | None:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%MZ}" if seconds else None


token = Entity(introspect=IntrospectToken)
