"""What is right in the agency's world: each story with its objects, and what clients, ads and campaigns did.

Answers are held against this. It asks the world's model for one ad and one day at a time and adds up by
itself; it knows neither declarations nor what the platforms' sandboxes make of the model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.agency import figures
from mcp_ads.sandbox.agency.campaigns import CAMPAIGNS, REJECTED, Ad, ads, campaign
from mcp_ads.sandbox.agency.clients import CLIENTS, Account, Client, accounts, monthly_budgets
from mcp_ads.sandbox.agency.stories import STORIES, Story, account_of, told

SPELLED = {
    "facebook": {1: "12022100000{}", 2: "12022200000{}", 3: "12022300000{}"},
    "linkedin": {1: "4{}", 3: "2{}"},
    "amazon": {1: "82000000{}", 2: "83000000{}", 3: "84000000{}"},
}
"""How a platform's ids are made of eight digits, by how deep an object is; LinkedIn has no second depth."""


@dataclass
class Sums:
    """Ads and days added up; money in major units."""

    spend: Decimal = field(default_factory=Decimal)
    impressions: int = 0
    clicks: int = 0
    conversions: int = 0
    value: Decimal = field(default_factory=Decimal)
    days: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Month:
    """How a client stands in a currency: spent from the first to yesterday, and agreed for the month.

    `forecast` is the straight line: what was spent, by days gone, for all days of the month; None on the
    first day, when none is gone.
    """

    client: str
    currency: str
    spent: Decimal
    budget: Decimal
    forecast: Decimal | None

    @property
    def status(self) -> str:
        """`on` within five percent of the budget, else `over` or `under`."""
        if self.forecast is None:
            return "on"
        pace = self.forecast / self.budget
        return "over" if pace > Decimal("1.05") else "under" if pace < Decimal("0.95") else "on"


def today_of(account: Account, now: datetime | None = None) -> date:
    """The day it is in an account."""
    return (now or datetime.now(UTC)).astimezone(ZoneInfo(account.zone)).date()


def id_of(account: Account, *place: int) -> str:
    """A campaign's, ad set's or ad's id as its platform spells it."""
    campaign_number, group, ad = (*place, 0, 0)[:3]
    digits = f"{account.number:02}{campaign_number:04}{group}{ad}"
    return SPELLED[account.platform][len(place)].format(digits)


def objects(story: Story) -> dict[str, str]:
    """The account a story is about, and the deepest object it names."""
    account = account_of(story)
    place = [number for number in (story.campaign, story.group, story.ad) if number]
    return {"account": account.id, "object": id_of(account, *place) if place else account.id}


def did(
    began: int, account: Account, since: date, until: date, now: date | None = None
) -> Iterator[tuple[Ad, int, figures.Figure]]:
    """Every ad and day of an account, as told on a day, today unless it is said."""
    told_on = (now or today_of(account)).toordinal()
    for number in range(1, CAMPAIGNS + 1):
        one = campaign(began, account.number, number)
        last = min(until.toordinal(), told_on)
        if one.start > last or (one.end and one.end < since.toordinal()):
            continue
        for ad in ads(began, account.number, number):
            for day in figures.span(ad, since.toordinal(), last, began):
                yield ad, day, figures.figure(ad, day, told_on, began)


def totals(began: int, account: Account, since: date, until: date, depth: int = 0) -> dict[str, Sums]:
    """Sums by campaign (1), ad set (2) or ad (3); of the whole account, under its id, where depth is 0."""
    return added_up(account, did(began, account, since, until), depth)


def added_up(account: Account, rows: Iterable[tuple[Ad, int, figures.Figure]], depth: int) -> dict[str, Sums]:
    """Days of an account's ads, summed as `totals` does."""
    found: dict[str, Sums] = defaultdict(Sums)
    for ad, day, figure in rows:
        key = id_of(account, *ad.key[1 : 1 + depth]) if depth else account.id
        sums = found[key]
        sums.spend += Decimal(figure.spend) / account.unit
        sums.impressions += figure.impressions
        sums.clicks += figure.clicks
        sums.conversions += figure.conversions
        sums.value += Decimal(figure.value) / account.unit
        sums.days.add(day)
    return dict(found)


def month(began: int, client: Client, now: datetime | None = None) -> list[Month]:
    """How a client stands in each of its currencies, every account by its own calendar."""
    found = []
    for currency, budget in monthly_budgets(client).items():
        spent, forecast = Decimal(), Decimal()
        known = True
        unit = 1
        for account in accounts():
            if account.client is not client or account.currency != currency:
                continue
            today, unit = today_of(account, now), account.unit
            first = today.replace(day=1)
            whole = _spent(began, account, first, today)
            spent += whole
            known = known and today > first
            days = ((first + timedelta(31)).replace(day=1) - first).days
            forecast += whole / (today - first).days * days if today > first else 0
        found.append(Month(client.key, currency, spent, Decimal(budget) / unit, forecast if known else None))
    return found


def _spent(began: int, account: Account, first: date, today: date) -> Decimal:
    """From a day to the one before today, as today tells it."""
    rows = did(began, account, first, today - timedelta(1), today)
    return Decimal(sum(figure.spend for _, _, figure in rows)) / account.unit


def months(began: int, now: datetime | None = None) -> list[Month]:
    """All 20 clients, now unless a moment is said."""
    return [row for client in CLIENTS for row in month(began, client, now)]


def disapproved(began: int, account: Account) -> set[str]:
    """Ads of campaigns that run which a review has declined."""
    return {
        id_of(account, *ad.key[1:])
        for number in range(1, CAMPAIGNS + 1)
        for ad in ads(began, account.number, number)
        if ad.state == REJECTED
    }


def wasted(began: int, account: Account, days: int) -> dict[str, Decimal]:
    """Campaigns that spent on the last full days and have no conversion, and what they spent."""
    today = today_of(account)
    rows = totals(began, account, today - timedelta(days), today - timedelta(1), 1)
    return {key: sums.spend for key, sums in rows.items() if sums.spend and not sums.conversions}


def stories(kind: str, platform: str) -> list[Story]:
    """The stories of a kind on a platform."""
    return [story for story in STORIES if (story.kind, story.platform) == (kind, platform)]


__all__ = [
    "Month", "Sums", "accounts", "added_up", "did", "disapproved", "id_of", "month", "months", "objects",
    "stories", "today_of", "told", "totals", "wasted",
]  # fmt: skip
