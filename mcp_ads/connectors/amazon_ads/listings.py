"""What Amazon lists where all platforms are asked: objects to be found, and what keeps them from serving.

Serving states are words such as CAMPAIGN_OUT_OF_BUDGET: their beginning says whose state it is. An object is
told of its own; what holds a whole advertiser or portfolio stands with the campaigns. Words not known
here are told as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Listing, Row, about, within

from .record_names import SERVING

DETAILS = "extendedData.servingStatusDetails"
_WELL = re.compile(r"(?:\w*_)?(?:STATUS_ENABLED|ENABLED|LIVE|RUNNING|DELIVERING|ELIGIBLE)")
_WISHED = re.compile(r"(?:\w*_)?(?:PAUSED|ARCHIVED|ENDED|PENDING_START_DATE|SCHEDULED)")
"""What the advertiser decided: it is no issue."""
_ABOVE = re.compile(r"(?:CAMPAIGN|AD_GROUP|ADVERTISER|ACCOUNT|PORTFOLIO)_")
_STATUSES = {
    "out_of_budget": re.compile(r"OUT_OF_BUDGET|SPENDS?_LIMIT"),
    "in_review": re.compile(r"PENDING_REVIEW|UNDER_REVIEW|MODERATION_IN_PROGRESS"),
    "disapproved": re.compile(r"POLICING_SUSPENDED|REJECTED|DISAPPROVED"),
    "limited": re.compile(
        r"INELIGIBLE|MISSING|OUT_OF_STOCK|NO_INVENTORY|BUYBOX|LANDING_PAGE|LOW_BID|NOT_BUYABLE"
    ),
}
"""What a word has in it for each status; one with none of these keeps an object from serving too."""


@dataclass(frozen=True)
class Kind:
    """The objects of one list: of which level, the columns of id, name and state of serving, and of texts.

    `above` says that states of what is above are told here, as no list above tells them; `own` is what its
    own states begin with.
    """

    entity: str
    level: str
    id: str
    name: str = "name"
    serving: str = SERVING
    texts: tuple[str, ...] = ()
    own: str = ""
    above: bool = False


KINDS = (
    Kind("sponsored_product_campaigns", "campaign", "campaignId", above=True),
    Kind("sponsored_product_ad_groups", "ad_group", "adGroupId", own="AD_GROUP_"),
    Kind("sponsored_product_product_ads", "ad", "adId", "asin", texts=("sku", "customText")),
    Kind("sponsored_brands_campaigns", "campaign", "campaignId", above=True),
    Kind("sponsored_brands_ad_groups", "ad_group", "adGroupId", own="AD_GROUP_"),
    Kind("sponsored_display_campaigns", "campaign", "campaignId", serving="servingStatus", above=True),
)
UNTOLD = {
    "issues": "Amazon: since when is not told; of Sponsored Brands and Display, ads are not looked at",
    "search": "Amazon: archived objects, ads of Sponsored Brands and Display, Sponsored TV are not searched",
}


def held(record: Mapping[str, Any], account: Account, kind: Kind) -> Iterable[Row]:  # noqa: ARG001
    """What keeps an enabled object from serving, in Amazon's word and its sentences where it has some."""
    word = str(within(record, kind.serving) or "")
    if not word or _WELL.fullmatch(word) or _WISHED.fullmatch(word):
        return
    whose = _ABOVE.match(word)
    if whose and not kind.above and not (kind.own and word.startswith(kind.own)):
        return
    status = next((status for status, pattern in _STATUSES.items() if pattern.search(word)), "stuck")
    reason = ": ".join([word, *_sentences(within(record, DETAILS))])
    more = {"status": status, "reason": reason, "since": None}
    yield about(f"amazon_ads.{kind.entity}", kind.level, record.get(kind.id), record.get(kind.name), **more)


def found(record: Mapping[str, Any], account: Account, kind: Kind) -> Iterable[Row]:  # noqa: ARG001
    """An object by which it may be found; a product ad by its ASIN, its SKU and an author's text."""
    says = "; ".join(str(record[name]) for name in kind.texts if record.get(name))
    more = {"status": record.get("state"), "text": says}
    yield about(f"amazon_ads.{kind.entity}", kind.level, record.get(kind.id), record.get(kind.name), **more)


def _sentences(details: Any) -> list[str]:
    """What Amazon says of a state, each once."""
    parts = [part for part in details if isinstance(part, dict)] if isinstance(details, list) else []
    return list(dict.fromkeys(str(part["message"]) for part in parts if part.get("message")))


def _issues(kind: Kind) -> Listing:
    details = [] if kind.serving != SERVING else [DETAILS]
    fields = [kind.id, kind.name, kind.serving, *details]
    params = {"state": ["ENABLED"], "fields": fields}
    return Listing(kind.entity, "list", params, partial(held, kind=kind), kind.level)


def _searched(kind: Kind) -> Listing:
    params = {"fields": [kind.id, kind.name, "state", *kind.texts]}
    return Listing(kind.entity, "list", params, partial(found, kind=kind), kind.level)


ISSUES = tuple(map(_issues, KINDS))
SEARCH = tuple(map(_searched, KINDS))
