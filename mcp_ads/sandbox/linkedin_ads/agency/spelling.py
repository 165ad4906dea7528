"""How LinkedIn writes the world's ids, days and money."""

from __future__ import annotations

from datetime import date

from mcp_ads.sandbox.agency.clients import LINKEDIN, Account, accounts
from mcp_ads.sandbox.agency.ids import Place, code, place_of
from mcp_ads.sandbox.agency.series import SERIES
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, GROUP, Body, day_ms, urn

KINDS = {GROUP: "7", CAMPAIGN: "4", CREATIVE: "2"}
"""What ids of a kind begin with; the number of a campaign group stands where a campaign's does."""
HOUR_MS = 3_600_000


def id_of(kind: str, place: Place) -> str:
    return KINDS[kind] + code(place)


def found(kind: str, id: str) -> Place | None:
    """The place that the id of an object of this kind says; None where it says none on LinkedIn."""
    place = place_of(id[1:]) if id.startswith(KINDS[kind]) else None
    if place is None or not place.campaign or accounts()[place.account - 1].platform != LINKEDIN:
        return None
    if kind == CREATIVE:
        return place if place.group and place.ad else None
    known = kind == CAMPAIGN or place.campaign <= len(SERIES)
    return place if known and not (place.group or place.ad) else None


def owner_of(account: Account) -> str:
    return urn("sponsoredAccount", account.id)


def page_of(account: Account) -> int:
    """The number of the Page that a client's ads on an account are shown for."""
    return 2_500_000 + account.number


def form_of(account: Account) -> int:
    """The number of the lead form that they open."""
    return 3_170_000 + account.number


def at(day: int, hour: int = 0) -> int:
    """A moment of a day, in epoch milliseconds."""
    return day_ms(date.fromordinal(day)) + hour * HOUR_MS


def money(minor: int, account: Account) -> Body:
    """An amount given in the smallest unit of the account's currency."""
    whole, rest = divmod(minor, account.unit)
    amount = str(whole) if account.unit == 1 or not minor else f"{whole}.{rest:02}"
    return {"amount": amount, "currencyCode": account.currency}
