"""The agency's clients and their accounts: who advertises where, for how much a month."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

FACEBOOK, LINKEDIN, AMAZON = "facebook", "linkedin", "amazon"
USUAL_SHARE = 0.9
PACES: Mapping[str, tuple[float, float]] = {
    "on": (1.0, USUAL_SHARE),
    "over": (1.32, USUAL_SHARE),
    "low budgets": (0.66, USUAL_SHARE),
    "weak delivery": (1.0, 0.6),
}
"""Live budgets against what the month allows, and how much of a budget is spent on a usual day."""


class Market(NamedTuple):
    """A country: what it is called in names, its currency and zone, Amazon's region, and a dollar there.

    `dollar` is in the currency's smallest unit.
    """

    code: str
    title: str
    currency: str
    zone: str
    region: str
    dollar: int


MARKETS: Mapping[str, Market] = {
    market.code: market
    for market in (
        Market("US", "US", "USD", "America/New_York", "NA", 100),
        Market("CA", "Canada", "CAD", "America/Toronto", "NA", 137),
        Market("DE", "Germany", "EUR", "Europe/Berlin", "EU", 92),
        Market("FR", "France", "EUR", "Europe/Paris", "EU", 92),
        Market("UK", "UK", "GBP", "Europe/London", "EU", 79),
        Market("SE", "Sweden", "SEK", "Europe/Stockholm", "EU", 1050),
        Market("JP", "Japan", "JPY", "Asia/Tokyo", "FE", 150),
    )
}
WHOLE = frozenset({"JPY"})
"""Currencies without hundredths: their smallest unit is the whole one."""


class Client(NamedTuple):
    """One advertiser: `key` is how names of campaigns begin, `monthly` thousands of dollars an account."""

    key: str
    name: str
    brand: str
    monthly: int
    pace: str
    places: str
    goods: str


CLIENTS = (
    Client("alder", "Alder Coffee", "Alder", 24, "on", "fUS lUS aUS", "beans grinders capsules"),
    Client("bryn", "Bryn Outdoor", "Bryn", 36, "on", "fUK lUK aUK", "tents jackets boots"),
    Client("cobalt", "Cobalt Software", "Cobalt", 48, "on", "fUS lUS", "crm invoicing payroll"),
    Client("dahlia", "Dahlia Beauty", "Dahlia", 30, "on", "fDE aDE fFR", "serum cream mascara"),
    Client("egret", "Egret Bikes", "Egret", 42, "over", "fDE lDE aDE", "cargo-bikes helmets lights"),
    Client("fjord", "Fjord Sleep", "Fjord", 27, "on", "fSE aSE", "mattress pillows duvets"),
    Client("ginko", "Ginko Tea", "Ginko", 21, "on", "fJP aJP", "sencha matcha teapots"),
    Client("harrow", "Harrow Legal", "Harrow", 33, "on", "fUK lUK", "contracts wills disputes"),
    Client("iris", "Iris Optics", "Iris", 24, "weak delivery", "fFR lFR aFR", "glasses lenses sunglasses"),
    Client("juno", "Juno Kids", "Juno", 39, "on", "fUS aUS fCA", "strollers toys car-seats"),
    Client("kestrel", "Kestrel Drones", "Kestrel", 45, "on", "fUS lUS aUS", "drones batteries cameras"),
    Client("lumen", "Lumen Energy", "Lumen", 54, "on", "fDE lDE", "solar storage heat-pumps"),
    Client("maple", "Maple Pets", "Maple", 30, "over", "fCA lCA aCA", "dog-food cat-food beds"),
    Client("nori", "Nori Kitchen", "Nori", 24, "on", "lJP aJP", "knives pans rice-cookers"),
    Client("onyx", "Onyx Fitness", "Onyx", 36, "low budgets", "fUS lUS aUS", "treadmills mats bands"),
    Client("petra", "Petra Homes", "Petra", 60, "on", "fUK lUK", "flats houses mortgages"),
    Client("quill", "Quill Books", "Quill", 21, "on", "fUS aUS", "novels planners pens"),
    Client("rowan", "Rowan Garden", "Rowan", 27, "on", "fSE lSE aSE", "seeds mowers tools"),
    Client("sable", "Sable Hotels", "Sable", 51, "low budgets", "lFR aFR", "paris lyon nice"),
    Client("tamar", "Tamar Learning", "Tamar", 33, "on", "lDE aDE", "python data design"),
)
PLATFORM = {"f": FACEBOOK, "l": LINKEDIN, "a": AMAZON}
FIRST = {FACEBOOK: 660_100_200_300_000, LINKEDIN: 530_000_000, AMAZON: 6_600_100_200_300_000}
"""What the ids of accounts begin at; one each 37 further."""


class Account(NamedTuple):
    """One account of a client on a platform; `number` is its place in the world, from 1.

    `id` is spelled as the platform does, without any prefix. `monthly` is what it may spend in a month, in
    the smallest unit of its currency. `created` is in days ago.
    """

    number: int
    client: Client
    platform: str
    id: str
    name: str
    market: Market
    monthly: int
    created: int

    @property
    def currency(self) -> str:
        return self.market.currency

    @property
    def zone(self) -> str:
        """The zone of its calendar: LinkedIn has but one."""
        return "UTC" if self.platform == LINKEDIN else self.market.zone

    @property
    def unit(self) -> int:
        """How many of the smallest unit are one of the currency."""
        return 1 if self.currency in WHOLE else 100


@functools.cache
def accounts() -> tuple[Account, ...]:
    """All of them, client by client."""
    found: list[Account] = []
    for client in CLIENTS:
        for place in client.places.split():
            number, platform, market = len(found) + 1, PLATFORM[place[0]], MARKETS[place[1:]]
            found.append(
                Account(
                    number,
                    client,
                    platform,
                    str(FIRST[platform] + 37 * number),
                    f"{client.name} {market.title}",
                    market,
                    client.monthly * 1000 * market.dollar,
                    900 + 13 * number,
                )
            )
    return tuple(found)


@functools.cache
def by_id(platform: str) -> Mapping[str, Account]:
    """A platform's accounts by their ids."""
    return {account.id: account for account in accounts() if account.platform == platform}


def monthly_budgets(client: Client) -> dict[str, int]:
    """What a client has agreed to spend in a month, by currency, in the smallest unit."""
    found: dict[str, int] = {}
    for account in accounts():
        if account.client is client:
            found[account.currency] = found.get(account.currency, 0) + account.monthly
    return found
