"""What one ad did on one day: whole numbers from a function that always says the same."""

from __future__ import annotations

import functools
import math
from datetime import date
from typing import Any, NamedTuple

from mcp_ads.sandbox.agency.figures import KEPT_DAYS
from mcp_ads.sandbox.numbers import between, noise

Body = dict[str, Any]
TODAY_SO_FAR = 0.4
AGENCY = "agency"
"""The flavour of ads whose days the agency's world knows."""


class Day(NamedTuple):
    """Additive metrics; money in minor units. `repeats` are impressions that reach nobody new."""

    impressions: int = 0
    clicks: int = 0
    link_clicks: int = 0
    outbound: int = 0
    landings: int = 0
    engagements: int = 0
    views: int = 0
    thruplays: int = 0
    spend: int = 0
    carts: int = 0
    checkouts: int = 0
    purchases: int = 0
    value: int = 0
    leads: int = 0
    installs: int = 0
    repeats: int = 0


ZERO = Day()


class Plan(NamedTuple):
    """How an ad delivers: from and to (ordinals; 0 = still running), money a day, what it is good at.

    `began` is the day on which the agency's world did, of its ads alone.
    """

    start: int
    end: int
    spend: int
    unit: int
    flavour: str
    began: int = 0


class Flavour(NamedTuple):
    cpm: float
    link_rate: float
    buy_rate: float = 0.0
    lead_rate: float = 0.0
    install_rate: float = 0.0
    video_rate: float = 0.08


FLAVOURS = {
    "sales": Flavour(11.0, 0.014, buy_rate=0.032),
    "best": Flavour(14.0, 0.021, buy_rate=0.058),
    "waste": Flavour(9.0, 0.007),
    "leads": Flavour(12.0, 0.012, lead_rate=0.11),
    "traffic": Flavour(6.5, 0.024, buy_rate=0.004),
    "reach": Flavour(3.8, 0.004, video_rate=0.15),
    "video": Flavour(5.2, 0.005, video_rate=0.35),
    "app": Flavour(8.0, 0.016, install_rate=0.14),
}


@functools.cache
def plan_of(start: int, end: int, spend: int, unit: int, flavour: str, began: int = 0) -> Plan:
    return Plan(start, end, spend, unit, flavour, began)


def delivery(ad: Body) -> Plan | None:
    """The plan an ad was seeded with; ads made later deliver nothing."""
    return plan_of(*ad["_plan"]) if "_plan" in ad else None


def day(ad_id: str, plan: Plan, ordinal: int, now: int) -> Day:
    """The ad's metrics on a day, as they are told on the day `now`, which is not over."""
    if plan.flavour == AGENCY:
        from .agency.source import day_of

        return day_of(ad_id, plan.began, ordinal, now)
    return _usual(ad_id, plan, ordinal, ordinal == now)


@functools.lru_cache(maxsize=200_000)
def _usual(ad_id: str, plan: Plan, ordinal: int, running: bool) -> Day:
    spins = _spins(noise(ad_id, ordinal))
    cpm, link_rate, extra = _habits(ad_id, plan)
    flavour = FLAVOURS[plan.flavour]
    weekday = 0.86 + 0.28 * noise("weekday", date.fromordinal(ordinal).weekday())
    spend = round(plan.spend * weekday * (0.78 + 0.44 * spins[0]) * (TODAY_SO_FAR if running else 1))
    impressions = round(spend / (cpm * plan.unit * (0.9 + 0.2 * spins[1])) * 1000)
    links = _some(impressions * link_rate * (0.75 + 0.5 * spins[2]), spins[3])
    landings = _some(links * 0.81, spins[4])
    views = _some(impressions * flavour.video_rate, spins[7])
    return Day(
        impressions=impressions,
        clicks=links + _some(links * extra, spins[5]),
        link_clicks=links,
        outbound=_some(links * 0.94, spins[6]),
        landings=landings,
        engagements=links + _some(impressions * 0.006, spins[7]) + views,
        views=views,
        thruplays=views // 3,
        spend=spend,
        leads=_some(links * flavour.lead_rate, spins[0]),
        installs=_some(links * flavour.install_rate, spins[1]),
        **_shopping(landings, plan, spins),
    )


def _shopping(landings: int, plan: Plan, spins: list[float]) -> dict[str, int]:
    """From landing pages to carts, checkouts and purchases."""
    rate = FLAVOURS[plan.flavour].buy_rate
    carts = _some(landings * rate * 2.6, spins[5])
    purchases = min(carts, _some(landings * rate, spins[6]))
    return {
        "carts": carts,
        "checkouts": purchases + (carts - purchases) // 3,
        "purchases": purchases,
        "value": round(purchases * plan.unit * (48 + 60 * spins[2])),
    }


@functools.lru_cache(maxsize=10_000)
def _habits(ad_id: str, plan: Plan) -> tuple[float, float, float]:
    flavour = FLAVOURS[plan.flavour]
    return (
        flavour.cpm * between(0.75, 1.3, ad_id, "cpm"),
        flavour.link_rate * between(0.7, 1.4, ad_id, "link"),
        between(0.2, 0.5, ad_id, "clicks"),
    )


def _spins(seed: float) -> list[float]:
    """Eight numbers out of one, since hashing is what costs."""
    return [seed * prime % 1 for prime in (1, 7, 61, 509, 4093, 32749, 262139, 2097143)]


def _some(expected: float, spin: float) -> int:
    """A whole number that is right on average."""
    return int(expected + spin)


def reach(impressions: int, days: int, ads: set[str]) -> int:
    """People behind the impressions: fewer, the longer it runs and the more ads share them."""
    if not impressions:
        return 0
    frequency = 1.09 + 0.27 * math.log(max(days, 1)) + 0.04 * math.log(len(ads))
    return min(impressions, max(1, round(impressions / frequency * between(0.8, 1, min(ads), "reach"))))


def add(left: Day, right: Day) -> Day:
    return Day(*[one + other for one, other in zip(left, right, strict=True)])


def span(plan: Plan, since: int, until: int) -> range:
    """The days of a period on which the ad delivered."""
    last = min(until, plan.end) if plan.end else until
    return range(max(since, plan.start, plan.began - KEPT_DAYS if plan.began else 0), last + 1)


def spent(ads: list[Body], since: int, until: int, today: int) -> int:
    """What ads cost in a period, minor units."""
    plans = ((ad["id"], delivery(ad)) for ad in ads)
    return sum(_spent(ad_id, plan, since, min(until, today), today) for ad_id, plan in plans if plan)


@functools.lru_cache(maxsize=10_000)
def _spent(ad_id: str, plan: Plan, since: int, until: int, today: int) -> int:
    """One ad's: an account says it of its whole life, hundreds of days, whenever it is read."""
    return sum(day(ad_id, plan, ordinal, today).spend for ordinal in span(plan, since, until))
