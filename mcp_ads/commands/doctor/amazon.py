"""What can be told of an Amazon sign-in, and of its profiles."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from .findings import Finding, lasts, listed, login, whom

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

NAME = "amazon_ads"
CONSENT = (
    "when it was consented to is not told by Amazon: a refresh token made on or after 30 June 2026 ends "
    "365 days after consent; `mcp-ads login amazon-ads` keeps the day and warns in time"
)
CONSENT_DAYS = 30
MOST = 500


async def token(session: Session) -> list[Finding]:
    """Until when the consent lasts, if that is known; whether the refresh token works was tried before."""
    what, known = f"{whom(session)} token", session.known()
    found = (
        [Finding("ok", what, f"scopes: {', '.join(sorted(known.granted))}")]
        if known and known.granted
        else []
    )
    if known and known.refresh_ends:
        return [*found, lasts(what, "the consent", known.refresh_ends, days=CONSENT_DAYS, fix=login(session))]
    return [*found, Finding("ok", what, CONSENT)]


async def accounts(engine: Engine, session: Session, allowed: Collection[str]) -> list[Finding]:
    """Profiles that cannot pay for ads. Raises AdsError."""
    del allowed
    what = f"{whom(session)} profile"
    params = {"fields": ["profileId", "accountInfo"], "limit": MOST}
    named = {**params, "connection": session.platform.label}
    rows = (await engine.execute(NAME, "profiles", "list", named)).data
    unpaid = [
        str(row.get("profileId"))
        for row in rows
        if isinstance(info := row.get("accountInfo"), dict) and info.get("validPaymentMethod") is False
    ]
    found = [Finding("ok", f"{what}s", f"{len(rows)} looked at; {len(unpaid)} with something to see to")]
    if unpaid:
        fix = "add a payment method in the advertising console, Billing and payments"
        found.append(Finding("note", what, f"without a valid payment method: {listed(unpaid)}", fix))
    return found
