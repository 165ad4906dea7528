"""What LinkedIn says of a token, and of the ad accounts it sees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.auth.signing_in.linkedin import USES
from mcp_ads.connectors.linkedin_ads.organizations.token import ABOUT_THE_TOKEN
from mcp_ads.errors import ApiError

from .findings import DAY, Finding, Level, broken_by, lasts, listed, login, moment, whom

if TYPE_CHECKING:
    from mcp_ads.auth.signed_in import SignedIn
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

NAME = "linkedin_ads"
CONSENT = 365 * DAY
"""Seconds from consent to the end of a refresh token, which renewing does not move."""
CONSENT_DAYS, ACCESS_DAYS = 30, 10
NEEDED = ("rw_ads", "r_ads_reporting")
UNKNOWN = (
    "is given directly, and LinkedIn tells its end and scopes only to the app: set LINKEDIN_ADS_CLIENT_ID "
    "and LINKEDIN_ADS_CLIENT_SECRET to have them read; one of the developer portal lives 60 days"
)
RUNNABLE = "RUNNABLE"
HOLDS = {
    "STOPPED": "it is stopped",
    "BILLING_HOLD": "billing is on hold: a payment method is missing or was refused",
    "ACCOUNT_TOTAL_BUDGET_HOLD": "its total budget is spent",
    "ACCOUNT_END_DATE_HOLD": "its end date is over",
    "RESTRICTED_HOLD": "LinkedIn has restricted it",
    "INTERNAL_HOLD": "LinkedIn holds it back",
}
MOST = 500


async def token(session: Session) -> list[Finding]:
    """What the token is, until when, with which scopes. Raises AdsError."""
    what, credentials = f"{whom(session)} token", session.credentials
    known = session.known()
    app, secret = credentials.get("CLIENT_ID", ""), credentials.get("CLIENT_SECRET", "")
    if not (app and secret):
        return list(_kept(session, what, known)) or [Finding("ok", what, UNKNOWN)]
    try:
        about = await session.send(ABOUT_THE_TOKEN)
    except ApiError as error:
        return [broken_by(f"{whom(session)} app", error)]
    found = list(_facts(session, what, about))
    return [*found, *_scopes(what, str(about.get("scope", "")).replace(",", " ").split())]


def _kept(session: Session, what: str, known: SignedIn | None) -> Iterator[Finding]:
    """What a sign-in knew of its token; nothing where it knew no end."""
    if known and known.access_ends:
        again = login(session)
        yield lasts(what, "the access token", known.access_ends, days=ACCESS_DAYS, fix=again)
        yield from _scopes(what, known.granted)


def _facts(session: Session, what: str, about: Mapping[str, Any]) -> Iterator[Finding]:
    renewed, known = bool(session.credentials.get("REFRESH_TOKEN")), session.known()
    yield Finding("ok", what, "it is renewed by a refresh token" if renewed else "it is used as it is")
    state = str(about.get("status") or ("active" if about.get("active") else "unknown to the app"))
    if state != "active":
        # seconds after it was made LinkedIn may call a token revoked that its API takes already
        yield Finding("note", what, f"LinkedIn calls it {state}", login(session))
    if ends := moment(about.get("expires_at")):
        days = 0 if renewed else ACCESS_DAYS
        yield lasts(what, "the access token", ends, days=days, fix=login(session))
    since = moment(about.get("authorized_at")) or moment(about.get("created_at"))
    over = (known and known.refresh_ends) or (since and since + CONSENT)
    if renewed and over:
        yield lasts(what, "the consent", over, days=CONSENT_DAYS, fix=login(session))


def _scopes(what: str, granted: Collection[str]) -> Iterator[Finding]:
    if not granted:
        return
    yield Finding("ok", what, f"scopes: {', '.join(sorted(granted))}")
    lacking = {scope: use for scope, use in USES.items() if scope not in granted}
    if "rw_ads" in granted:
        lacking.pop("r_ads", None)
    for scope in NEEDED:
        if scope in lacking:
            fix = "request the product Advertising API for the app, then sign in again"
            yield Finding("note", what, f"lacks {scope}: {lacking.pop(scope)} will be refused", fix)
    if lacking:
        yield Finding(
            "ok", what, f"scopes it lacks: {', '.join(f'{s} ({use})' for s, use in lacking.items())}"
        )


async def accounts(engine: Engine, session: Session, allowed: Collection[str]) -> list[Finding]:
    """Accounts that are held back or not active. Raises AdsError."""
    what, found = f"{whom(session)} account", []
    params = {"fields": ["id", "status", "servingStatuses"], "limit": MOST}
    named = {**params, "connection": session.platform.label}
    rows = (await engine.execute(NAME, "accounts", "list", named)).data
    for row in rows:
        holds = [hold for hold in row.get("servingStatuses") or [] if hold != RUNNABLE]
        reasons = [HOLDS.get(hold, hold) for hold in holds]
        if row.get("status") not in (None, "ACTIVE"):
            reasons.insert(0, f"its status is {row['status']}")
        if reasons:
            level: Level = (
                "broken"
                if row.get("status") in ("CANCELED", "REMOVED") and str(row.get("id")) in allowed
                else "note"
            )
            fix = "see the account in Campaign Manager: nothing there delivers meanwhile"
            found.append(Finding(level, what, f"{row.get('id')}: {listed(reasons)}", fix))
    ok = Finding("ok", f"{what}s", f"{len(rows)} looked at; {len(found)} with something to see to")
    return [ok, *found]
