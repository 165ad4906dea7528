"""Reports by what is bid on, of Sponsored Brands and Display: each campaign's counts, shared by all in it.

Whole numbers are shared so that the parts add up to the campaign's. Themes have no rows: no page of Amazon's
says under which id they would stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.store import Store

from .single import Counts

LISTS = {
    "SPONSORED_BRANDS": ("amazon.sb.keywords", "amazon.sb.targets"),
    "SPONSORED_DISPLAY": ("amazon.sd.targets",),
}
EXPRESSION = "TARGETING_EXPRESSION"


def shared(store: Store, report: Body, campaigns: Iterable[Body], group: Callable[[Body], Any]) -> list[Body]:
    """A campaign for each of what is bid on in its ad group, with its share, where every filter names it."""
    asked, found = report["configuration"], list[Body]()
    there = [row for kind in LISTS[asked["adProduct"]] for row in store.all(kind)]
    for campaign in campaigns:
        own = [row for row in there if str(row["adGroupId"]) == str(group(campaign)) and _counts(row)]
        shares = [
            {**campaign, "_bid_on": _columns(row), "_share": (at, len(own))} for at, row in enumerate(own)
        ]
        found += [share for share in shares if _passes(share["_bid_on"], asked)]
    return found


def share_of(counts: Counts, campaign: Body) -> Counts:
    """What of a campaign's counts is its share's; all of them where it has none."""
    at, among = campaign.get("_share", (0, 1))
    return [count * (at + 1) // among - count * at // among for count in counts]


def parted(counts: Callable[[Body, date], Counts]) -> Callable[[Body, date], Counts]:
    """The counts of a share on a day."""
    return lambda campaign, day: share_of(counts(campaign, day), campaign)


def _counts(row: Body) -> bool:
    """Whether it delivers: what is a draft or put away does not."""
    return str(row["state"]).upper() in ("ENABLED", "PAUSED")


def _passes(columns: Body, asked: Body) -> bool:
    return all(columns[filter_["field"]] in filter_["values"] for filter_ in asked.get("filters") or [])


def _columns(row: Body) -> Body:
    """What a row says of what is bid on: a keyword's id and a target's are in columns of their own."""
    word = row.get("keywordText")
    kind = row["matchType"].upper() if word else EXPRESSION
    return {
        "keywordId": int(row["keywordId"]) if word else None,
        "keywordText": word,
        "targetingId": None if word else int(row["targetId"]),
        "targetingText": word,
        "targetingExpression": None,
        "targetingType": None if word else "TARGETING_EXPRESSION",
        "keywordType": kind,
        "matchType": kind,
        "keywordBid": row.get("bid"),
        "adKeywordStatus": str(row["state"]).upper(),
    }
