"""What Amazon demands of Sponsored Display, checked before anything is sent.

Source: Amazon's Sponsored Display definition (SponsoredDisplay.json), its page on limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.connectors.amazon_ads.ranges import DISPLAY_BIDS, outside
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import bid_under_budget
from mcp_ads.core import Amount, Column
from mcp_ads.core.synonyms import cut

TACTICS = {"T00020": "contextual", "T00030": "audiences"}
"""What people call the two ways of targeting."""
CPC, VCPM = "cpc", "vcpm"
OPTIMIZES = {CPC: ("clicks", "conversions"), VCPM: ("reach",)}
PAGE, PAGE_TYPE = "landingPageURL", "landingPageType"
AMAZON = re.compile(r"https?://(www\.)?amazon\.[a-z.]+(/|$)", re.IGNORECASE)
STORE = re.compile(r"https://www\.amazon\.[a-z.]+/stores/\S+$", re.IGNORECASE)
Record = Mapping[str, Any]
TACTIC = Column("code", words=tuple((called, code) for code, called in TACTICS.items()))
AWAY = ("OFF_AMAZON_LINK", "STORE", "MOMENT")
TOGETHER = ("headline", "brandLogo", "rectCustomImage", "squareCustomImage")
"""What ads that lead to a Store or off Amazon need all of."""


def tactic(value: Any) -> Any:
    """A tactic by its code, however it is called. Raises ValueError for what is none: it never changes."""
    word = str(value).strip().lower()
    found = next((code for code, called in TACTICS.items() if word in (called, code.lower())), "")
    if not found:
        ways = " or ".join(f"{called} ({code})" for code, called in TACTICS.items())
        raise ValueError(f"{cut(value)!r} is none; {ways}")
    return found


def lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def optimizes(wanted: str | None, campaign: Record) -> Iterable[str]:
    """What bids are for has to fit what the campaign pays for; without it Amazon takes clicks."""
    pays = str(campaign.get("costType") or "")
    fitting = OPTIMIZES.get(pays, ())
    if fitting and (wanted or OPTIMIZES[CPC][0]) not in fitting:
        yield f"bid_optimization: its campaign's cost type is {pays}: give {' or '.join(fitting)}"


def not_per_click(campaigns: Sequence[Record]) -> str:
    """Why a bid in a campaign is for something else than a click, or nobody knows that it is for one."""
    pays = str(campaigns[0].get("costType")) if campaigns else ""
    if pays == VCPM:
        return f"its campaign pays by views ({VCPM})"
    return "" if pays == CPC else "what its campaign pays for could not be read"


def default_bid(bid: Amount | None, campaign: Record) -> Iterable[str]:
    """What a person should know of a bid: Amazon's range for what the campaign pays for, and its budget."""
    yield from outside("default_bid", bid, DISPLAY_BIDS.get(str(campaign.get("costType")), {}))
    yield from bid_under_budget("default_bid", bid, campaign)


def one_group(ads: Sequence[Record], groups: int) -> str:
    """Why a campaign cannot have so many ad groups: ads that lead to a page are in one alone."""
    if groups > 1 and any(ad.get(PAGE) for ad in ads):
        return "ads that lead to a page are in a campaign's only ad group, and this one would have more"
    return ""


def goods(new: Record, ads: Sequence[Record]) -> str:
    """Why an ad cannot stand beside a campaign's others: all are products, or all lead to a page."""
    other = next((ad for ad in ads if bool(ad.get(PAGE)) != bool(new.get(PAGE))), None)
    if other is None:
        return ""
    has = "lead to a landing page" if other.get(PAGE) else "show products"
    return f"other ads of its campaign {has}: Amazon takes one kind in a campaign"


def alone(new: Record, ads: Sequence[Record]) -> str:
    """Why an ad cannot be in an ad group with others: one that leads to a page is the only one there."""
    others = [ad for ad in ads if ad.get("adGroupId") == new.get("adGroupId")]
    leads = any(ad.get(PAGE) for ad in (new, *others))
    return "an ad that leads to a page is the only one of its ad group" if others and leads else ""


def lacking(ads: Iterable[Record], properties: Record) -> str:
    """Why a creative does not do for the ads of its ad group: what those need that lead to a page."""
    away = next((ad[PAGE_TYPE] for ad in ads if ad.get(PAGE_TYPE) in AWAY), "")
    absent = [name for name in TOGETHER if name not in properties]
    if not away or not absent:
        return ""
    return f"its ads lead to {away}, and need {', '.join(TOGETHER)} together: {', '.join(absent)} missing"


def page(url: str | None, kind: str | None) -> Iterable[str]:
    """Mistakes in where a click leads, as the two parameters say it."""
    if bool(url) != bool(kind):
        yield "landing_page_url: give it with landing_page_type, STORE or OFF_AMAZON_LINK"
    elif url and kind == "STORE" and not STORE.match(url):
        yield "landing_page_url: a store is at https://www.amazon.…/stores/…"
    elif url and kind != "STORE" and AMAZON.match(url):
        yield "landing_page_url: this is on Amazon; OFF_AMAZON_LINK leads elsewhere, STORE to a store"


def of_page(kind: str | None, group: Record) -> Iterable[str]:
    """What the ad group has to be for an ad that leads to a page."""
    if kind and group.get("creativeType") == "VIDEO":
        yield "ad_group_id: its creatives are VIDEO, which are for products alone"
    if kind == "OFF_AMAZON_LINK" and group.get("bidOptimization") == "conversions":
        yield "ad_group_id: it bids for conversions, which are not counted off Amazon: clicks or reach"
