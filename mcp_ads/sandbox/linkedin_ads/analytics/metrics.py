"""What one creative does on one day, in whole numbers, so that every total is the sum of its parts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mcp_ads.sandbox.numbers import between, noise, whole

CORE = re.findall(
    r"\w+",
    """impressions clicks landingPageClicks actionClicks adUnitClicks textUrlClicks companyPageClicks
    headlineClicks headlineImpressions downloadClicks subscriptionClicks likes comments commentLikes shares
    reactions follows totalEngagements otherEngagements externalWebsiteConversions
    externalWebsitePostClickConversions externalWebsitePostViewConversions registrations
    postClickRegistrations postViewRegistrations jobApplications jobApplyClicks postClickJobApplications
    postViewJobApplications postClickJobApplyClicks postViewJobApplyClicks oneClickLeads
    oneClickLeadFormOpens cardClicks cardImpressions videoStarts videoViews videoFirstQuartileCompletions
    videoMidpointCompletions videoThirdQuartileCompletions videoCompletions fullScreenPlays
    documentFirstQuartileCompletions documentMidpointCompletions documentThirdQuartileCompletions
    documentCompletions""",
)
OTHER = re.findall(
    r"\w+",
    """talentLeads qualifiedLeads validWorkEmailLeads leadGenerationMailContactInfoShares
    leadGenerationMailInterestedClicks sends opens videoWatchTime eventViews eventViewsOver15Seconds
    eventViewsOver30Seconds eventViewsOver2Minutes eventWatchTime""",
)
EVENT_RATIOS = [
    name + over
    for name in ("averageEventWatchTime", "costPerEventView")
    for over in ("", "Over15Seconds", "Over30Seconds", "Over2Minutes")
]
COUNTS = frozenset([*CORE, *OTHER, *(f"viral{name[0].upper()}{name[1:]}" for name in CORE)])
MONEY = {
    "costInLocalCurrency": "cents",
    "costInUsd": "usdCents",
    "conversionValueInLocalCurrency": "valueCents",
}
MONEY_RATIOS = {
    "costPerQualifiedLead": ("cents", "qualifiedLeads"),
    "costInLocalCurrencyPerPaidQualifiedLead": ("cents", "qualifiedLeads"),
}
RATIOS = {
    "averageVideoWatchTime": ("videoWatchTime", "videoViews"),
    "averageDwellTime": ("dwellSeconds", "impressions"),
}
REACH = ("approximateMemberReach", "audiencePenetration")
KEYS = ("pivotValues", "dateRange")
NOT_OF_MEMBERS = (
    "conversionValueInLocalCurrency", "cardImpressions", "cardClicks", "viralCardImpressions",
    "viralCardClicks", "approximateMemberReach",
)  # fmt: skip
"""Metrics that no professional demographic has."""
NAMES = frozenset([*COUNTS, *MONEY, *MONEY_RATIOS, *RATIOS, *REACH, *KEYS, *EVENT_RATIOS])
AUDIENCE = 2_500_000


class Rate(NamedTuple):
    """How a creative of the seed performs; money in cents, `kind` web, lead, video or message."""

    cents: int
    cpc: int
    ctr: float
    cvr: float
    order: int
    kind: str
    usd: float
    barren_from: int


@lru_cache(maxsize=100_000)
def day(id: str, rate: Rate, ordinal: int, *, is_today: bool = False) -> Mapping[str, int]:
    """The numbers of one creative on one day."""
    pace = (0.35 if (ordinal + 6) % 7 >= 5 else 1.0) * (0.4 if is_today else 1.0)
    cents = int(rate.cents * pace * between(0.75, 1.05, id, ordinal, "spend"))
    clicks = int(cents / rate.cpc * between(0.85, 1.15, id, ordinal, "clicks"))
    shown = int(clicks / rate.ctr * between(0.9, 1.1, id, ordinal, "shown")) + whole(20, 200, id, ordinal)
    likes, comments = int(clicks * 0.11), int(clicks * 0.02)
    numbers = {
        "impressions": shown,
        "clicks": clicks,
        "landingPageClicks": int(clicks * 0.82),
        "cents": cents,
        "usdCents": round(cents * rate.usd),
        "likes": likes,
        "reactions": likes,
        "comments": comments,
        "shares": int(clicks * 0.01),
        "follows": int(clicks * 0.015),
        "totalEngagements": clicks + likes + comments,
        "dwellSeconds": shown * 3,
    }
    barren = ordinal >= rate.barren_from
    numbers |= _outcomes(rate, clicks, 0.0 if barren else noise(id, ordinal, "outcome"), barren=barren)
    return numbers | _watching(rate.kind, shown)


def _outcomes(rate: Rate, clicks: int, luck: float, *, barren: bool) -> dict[str, int]:
    done = 0 if barren else int(clicks * rate.cvr + luck)
    if rate.kind in ("lead", "message"):
        opened = int(clicks * 0.4) + done
        good = {"qualifiedLeads": int(done * 0.4), "validWorkEmailLeads": int(done * 0.7)}
        return {"oneClickLeads": done, "oneClickLeadFormOpens": opened, **good}
    clicked = math.ceil(done * 0.7)
    return {
        "externalWebsiteConversions": done,
        "externalWebsitePostClickConversions": clicked,
        "externalWebsitePostViewConversions": done - clicked,
        "valueCents": done * rate.order,
    }


def _watching(kind: str, shown: int) -> dict[str, int]:
    if kind == "message":
        return {"sends": shown, "opens": int(shown * 0.46)}
    if kind != "video":
        return {}
    starts = int(shown * 0.6)
    views = int(starts * 0.5)
    return {
        "videoStarts": starts,
        "videoViews": views,
        "videoFirstQuartileCompletions": int(starts * 0.42),
        "videoMidpointCompletions": int(starts * 0.28),
        "videoThirdQuartileCompletions": int(starts * 0.19),
        "videoCompletions": int(starts * 0.13),
        "videoWatchTime": views * 9,
    }


def parts_of(names: Iterable[str]) -> frozenset[str]:
    """The whole numbers that the metrics asked for are made of."""
    found: set[str] = set()
    for name in names:
        if name in COUNTS:
            found.add(name)
        elif name in MONEY:
            found.add(MONEY[name])
        elif name in REACH:
            found |= {"impressions", "repeats"}
        found.update({**MONEY_RATIOS, **RATIOS}.get(name, ()))
    return frozenset(found)


def present(totals: Mapping[str, int], name: str, days: int) -> Any:
    """One metric of a row as the platform spells it; None is left out."""
    if name in COUNTS:
        return totals.get(name, 0)
    if name in MONEY:
        return money(totals.get(MONEY[name], 0))
    if name in RATIOS or name in MONEY_RATIOS:
        above, below = {**RATIOS, **MONEY_RATIOS}[name]
        if not totals.get(below):
            return None
        ratio = totals.get(above, 0) / totals[below]
        return round(ratio, 4) if name in RATIOS else money(round(ratio))
    if name in REACH:
        seen = totals.get("impressions", 0) - totals.get("repeats", 0)
        reach = int(seen / (1.15 + 0.4 * math.log(max(days, 1))))
        return reach if name == REACH[0] else round(min(reach / AUDIENCE, 1.0), 6)
    return None


def money(cents: int) -> str:
    """A decimal string with the ten digits the platform gives."""
    return f"{cents // 100}.{cents % 100:02d}00000000"
