"""Breakdowns: how a day's numbers divide over ages, places and placements, so that the parts add up."""

from __future__ import annotations

import functools
from itertools import product

from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid
from mcp_ads.sandbox.numbers import between, noise

from .metrics import Day

Key = tuple[str, ...]
AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male", "unknown")
COUNTRIES = {"USD": ("US", "CA", "GB"), "JPY": ("JP", "TW")}
REGIONS = {
    "USD": ("California", "Maine", "Massachusetts", "New York", "Oregon", "Washington"),
    "JPY": ("Kanagawa", "Osaka", "Tokyo"),
}
PLACEMENTS = (
    ("facebook", "feed", 30),
    ("facebook", "facebook_reels", 9),
    ("facebook", "marketplace", 5),
    ("facebook", "facebook_stories", 4),
    ("instagram", "feed", 22),
    ("instagram", "instagram_reels", 14),
    ("instagram", "instagram_stories", 11),
    ("audience_network", "an_classic", 4),
    ("messenger", "messenger_inbox", 1),
)
DEVICES = (("mobile_app", 86), ("desktop", 9), ("mobile_web", 5))
HOURS = tuple(f"{hour:02}:00:00 - {hour:02}:59:59" for hour in range(24))
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
FAMILIES = {
    "age": "people",
    "gender": "people",
    "country": "country",
    "region": "region",
    "publisher_platform": "place",
    "platform_position": "place",
    "device_platform": "place",
    HOURLY: "hour",
}
MEMBERS = {
    "people": ("age", "gender"),
    "country": ("country",),
    "region": ("region",),
    "place": ("publisher_platform", "platform_position", "device_platform"),
    "hour": (HOURLY,),
}
OPT_IN = {"impression_device", "hourly_stats_aggregated_by_audience_time_zone", "frequency_value"}


def check(breakdowns: list[str]) -> None:
    """Refuse what cannot be combined, was retired, or is unknown here."""
    if "dma" in breakdowns:
        raise invalid("Breakdown dma is no longer available, use comscore_market instead")
    unknown = [breakdown for breakdown in breakdowns if breakdown not in FAMILIES and breakdown not in OPT_IN]
    if unknown:
        raise invalid(f"Breakdown {unknown[0]}: this sandbox has no data for it")
    families = {
        FAMILIES.get(breakdown, breakdown) for breakdown in breakdowns if breakdown != "impression_device"
    }
    alone = "platform_position" in breakdowns and "publisher_platform" not in breakdowns
    if len(families) > 1 or alone or len(set(breakdowns)) != len(breakdowns):
        names = ", ".join(["action_type", *breakdowns])
        text = f"(#100) Current combination of data breakdown columns ({names}) is invalid"
        raise GraphError(100, text)


def split(
    ad_id: str, currency: str, breakdowns: list[str], ordinal: int, whole: Day
) -> list[tuple[Key, Day]]:
    """A day's numbers in parts whose sum is the whole; a key may come more than once.

    The finest cells are cut first, so that age alone says what age and gender together say.
    """
    family = FAMILIES[breakdowns[0]]
    cells, bounds = _shares(ad_id, currency, family)
    wanted = [MEMBERS[family].index(breakdown) for breakdown in breakdowns]
    spin = noise(ad_id, ordinal, "parts")
    columns = []
    for number, total in enumerate(whole):
        offset = (spin * (number * 37 + 11)) % 1
        edges = [int(total * bound + offset) for bound in bounds]
        columns.append([high - low for low, high in zip([0, *edges], edges, strict=False)])
    rows = zip(cells, zip(*columns, strict=True), strict=True)
    return [(tuple(cell[index] for index in wanted), Day(*row)) for cell, row in rows if any(row)]


@functools.lru_cache(maxsize=10_000)
def _shares(ad_id: str, currency: str, family: str) -> tuple[list[Key], list[float]]:
    """The finest cells and the running sum of their shares."""
    cells = _cells(family, currency)
    weights = [base * between(0.6, 1.4, ad_id, *cell) for cell, base in cells]
    total, running, bounds = sum(weights), 0.0, []
    for weight in weights:
        running += weight
        bounds.append(running / total)
    return [cell for cell, _ in cells], [*bounds[:-1], 1.0]


def _cells(family: str, currency: str) -> list[tuple[Key, float]]:
    """The finest cells of a family and how common they are."""
    if family == "people":
        ages = zip(AGES, (9, 27, 26, 18, 12, 8), strict=True)
        genders = zip(GENDERS, (55, 43, 2), strict=True)
        return [((age, gender), a * g) for (age, a), (gender, g) in product(ages, genders)]
    if family == "place":
        return [((net, spot, name), p * d) for (net, spot, p), (name, d) in product(PLACEMENTS, DEVICES)]
    if family == "hour":
        return [((hour,), 1 + min(n, 24 - n)) for n, hour in enumerate(HOURS)]
    names = (COUNTRIES if family == "country" else REGIONS)[currency]
    return [((name,), 100 / (1 + 4 * n)) for n, name in enumerate(names)]
