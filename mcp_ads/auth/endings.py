"""What ends soon, in time to do something about it: a line for every answer until then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from .signed_in import SignedIn

DAY = 86_400.0
TOKEN_SOON, CONSENT_SOON = 10 * DAY, 30 * DAY
"""Seconds before the end from which a token's, and a consent's, is announced."""
TITLES = {"facebook_marketing": "Facebook", "linkedin_ads": "LinkedIn", "amazon_ads": "Amazon"}


@runtime_checkable
class Ending(Protocol):
    """Credentials that know when they end."""

    def known(self) -> SignedIn | None:
        """What is known of it now; None for nothing."""


def endings(signed_in: SignedIn, login: str, now: float) -> Iterator[str]:
    """Lines about what of a sign-in has ended or soon will; `login` is the command that begins anew.

    A consent ends 365 days after it was given at LinkedIn, and so at Amazon since 30 June 2026, however often
    access tokens are got with it. Facebook's token of 60 days, and LinkedIn's where it gives no other, is
    all there is.
    """
    title = TITLES.get(signed_in.connector, signed_in.connector)
    ends, soon, what = signed_in.access_ends, TOKEN_SOON, f"the access token for {title}"
    if signed_in.renews:
        ends, soon, what = signed_in.refresh_ends, CONSENT_SOON, f"the consent given at {title}"
    if not ends or ends - now > soon:
        return
    day = datetime.fromtimestamp(ends, UTC).date()
    if ends <= now:
        yield f"{what} ended on {day}: `{login}`"
    else:
        left = max(1, round((ends - now) / DAY))
        yield f"{what} ends on {day}, in {left} day{'s' if left > 1 else ''}: `{login}`"
