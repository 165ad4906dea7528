"""What Amazon lists where all platforms are asked: objects to be found, and what keeps them from serving.

Serving states are words such as CAMPAIGN_OUT_OF_BUDGET: their beginning says whose state it is. An object is
told of its own; what holds a whole advertiser or portfolio stands with the campaigns. Words not known
here are told as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Listing, Row, about, within

from .dialect import AGENCY
from .fixes import TV_COUNTRIES
from .record_names import SERVING

DETAILS, PLAIN = "extendedData.servingStatusDetails", "servingStatus"
WHOSE = ("CAMPAIGN", "AD_GROUP", "AD", "ADVERTISER", "PORTFOLIO", "TARGETING_CLAUSE")
WELL = {f"{whose}_STATUS_{word}" for whose in WHOSE for word in ("ENABLED", "LIVE")} | {
    "ENABLED", "LIVE", "RUNNING", "DELIVERING", "ELIGIBLE",
}  # fmt: skip
"""All is well: these words and no others, as NOT_DELIVERING ends like one (servingStatus in Amazon's
definitions of Sponsored Products 3, Sponsored Brands 4 and Sponsored Display).
"""
_WISHED = re.compile(
    r"(?:(?:CAMPAIGN|AD_GROUP|AD|ADVERTISER|PORTFOLIO)_(?:STATUS_)?)?"
    r"(?:PAUSED|ARCHIVED|ENDED|END_DATE_REACHED|PENDING_START_DATE|SCHEDULED)"
)
"""What the advertiser decided: it is no issue."""
_ABOVE = re.compile(r"(?:CAMPAIGN|AD_GROUP|ADVERTISER|ACCOUNT|PORTFOLIO)_")
_STATUSES = {
    "out_of_budget": re.compile(r"OUT_OF_BUDGET|SPENDS?_LIMIT"),
    "in_review": re.compile(r"PENDING_REVIEW|UNDER_REVIEW|MODERATION_IN_PROGRESS"),
    "disapproved": re.compile(r"POLICING_SUSPENDED|REJECTED|DISAPPROVED"),
    "limited": re.compile(
        r"INELIGIBLE|NOT_ELIGIBLE|MISSING|OUT_OF_STOCK|NO_INVENTORY|BUYBOX|LANDING_PAGE|LOW_BID|NOT_BUYABLE"
    ),
}
"""What a word has in it for each status; one with none of these keeps an object from serving too."""
_REVIEWS = {
    "disapproved": re.compile(r"REJECTED|FAILED|SUSPENDED"),
    "in_review": re.compile(r"PENDING|REVIEW|SUBMITTED|IN_PROGRESS"),
}
"""The same of words about a review: APPROVED and PUBLISHED have none of these in them."""


@dataclass(frozen=True)
class Kind:
    """The objects of one list: of which level, the columns of id, name and state of serving, and of texts.

    `above` says that states of what is above are told here, as no list above tells them; `own` is what its
    own states begin with; `details` is where its list has sentences about a state; `review` is where it says
    how Amazon's review stands; `tv` is what only some countries have.
    """

    entity: str
    level: str
    id: str
    name: str = "name"
    serving: str = SERVING
    details: str = DETAILS
    texts: tuple[str, ...] = ()
    own: str = ""
    above: bool = False
    review: str = ""
    tv: bool = False


KINDS = (
    Kind("sponsored_product_campaigns", "campaign", "campaignId", above=True),
    Kind("sponsored_product_ad_groups", "ad_group", "adGroupId", own="AD_GROUP_"),
    Kind("sponsored_product_product_ads", "ad", "adId", "asin", texts=("sku", "customText")),
    Kind("sponsored_brands_campaigns", "campaign", "campaignId", above=True),
    Kind("sponsored_brands_ad_groups", "ad_group", "adGroupId", own="AD_GROUP_"),
    Kind(
        "sponsored_brands_ads",
        "ad",
        "adId",
        texts=(
            *(f"creative.{name}" for name in ("headline", "title", "brandName", "asins", "subpages")),
            "landingPage.asins",
        ),
        review="creative.creativeStatus",
    ),
    Kind("sponsored_display_campaigns", "campaign", "campaignId", serving=PLAIN, details="", above=True),
    Kind("sponsored_display_ad_groups", "ad_group", "adGroupId", serving=PLAIN, details="", own="AD_GROUP_"),
    Kind(
        "sponsored_display_product_ads",
        "ad",
        "adId",
        "asin",
        serving=PLAIN,
        details="",
        texts=("sku", "adName"),
    ),
    Kind("sponsored_tv_campaigns", "campaign", "campaignId", details="", above=True, tv=True),
    Kind("sponsored_tv_ad_groups", "ad_group", "adGroupId", details="", own="AD_GROUP_", tv=True),
    Kind("sponsored_tv_ads", "ad", "adId", "adName", details="", texts=("landingPageValue", "asin"), tv=True),
)
TV_PLACES = f"Sponsored TV outside {', '.join(TV_COUNTRIES)}"
UNTOLD = {
    "issues": "Amazon: since when is not told; moderation_results.list by ad_id says what a review found; "
    f"not asked: {TV_PLACES}",
    "search": "Amazon: not searched: archived objects, creatives of Sponsored Display and TV, " + TV_PLACES,
}
DSP_ONLY = "an agency's profile has DSP only"


def held(record: Mapping[str, Any], account: Account, kind: Kind) -> Iterable[Row]:
    """What keeps an enabled object from serving: its state, else Amazon's review of what it shows."""
    told = [*_unserved(record, kind)]
    yield from told or (reviewed(record, account, kind) if kind.review else ())


def reviewed(record: Mapping[str, Any], account: Account, kind: Kind, of: str = "") -> Iterable[Row]:  # noqa: ARG001
    """What a review has refused, or not looked at yet; `of` is the column of the creative it is about."""
    word = str(within(record, kind.review) or "")
    if status := next((status for status, pattern in _REVIEWS.items() if pattern.search(word.upper())), ""):
        reason = f"creative {f'{record.get(of)} ' if of else ''}{word}"
        yield _issue(record, kind, status, reason)


def _unserved(record: Mapping[str, Any], kind: Kind) -> Iterable[Row]:
    """What Amazon's state of serving says, in its word and its sentences where it has some."""
    word = str(within(record, kind.serving) or "")
    plain = word.upper().replace("ADGROUP_", "AD_GROUP_")
    if not word or plain in WELL or _WISHED.fullmatch(plain):
        return
    whose = _ABOVE.match(plain)
    if whose and not kind.above and not (kind.own and plain.startswith(kind.own)):
        return
    status = next((status for status, pattern in _STATUSES.items() if pattern.search(plain)), "stuck")
    reason = ": ".join([word, *_sentences(within(record, kind.details) if kind.details else None)])
    yield _issue(record, kind, status, reason)


def _issue(record: Mapping[str, Any], kind: Kind, status: str, reason: str) -> Row:
    more = {"status": status, "reason": reason, "since": None}
    return about(f"amazon_ads.{kind.entity}", kind.level, record.get(kind.id), record.get(kind.name), **more)


def found(record: Mapping[str, Any], account: Account, kind: Kind) -> Iterable[Row]:  # noqa: ARG001
    """An object by which it may be found; an ad by its products, its headline and an author's text."""
    says = "; ".join(dict.fromkeys(text for name in kind.texts for text in _texts(within(record, name))))
    more = {"status": record.get("state"), "text": says}
    yield about(f"amazon_ads.{kind.entity}", kind.level, record.get(kind.id), record.get(kind.name), **more)


def unlisted(account: Account) -> str:
    """Why an account has none of these objects; an agency has its advertisers in Amazon DSP."""
    return f"{DSP_ONLY}: dsp_advertisers.list" if account.kind == AGENCY else ""


def _texts(said: Any) -> Iterable[str]:
    """What an ad says in a field: a text, several, or the subpages it leads to, without their addresses."""
    if isinstance(said, Mapping):
        said = [said.get("pageTitle"), said.get("asin")]
    if isinstance(said, list):
        for part in said:
            yield from _texts(part)
    elif said:
        yield str(said)


def _sentences(details: Any) -> list[str]:
    """What Amazon says of a state, each once; details of Sponsored Brands are words and no objects."""
    parts = details if isinstance(details, list) else []
    said = (part.get("message") if isinstance(part, dict) else part for part in parts)
    return list(dict.fromkeys(text for text in said if text and isinstance(text, str)))


def _issues(kind: Kind) -> Listing:
    fields = [name for name in (kind.id, kind.name, kind.serving, kind.details, kind.review) if name]
    params = {"state": ["ENABLED"], "fields": fields}
    return _listing(kind, params, partial(held, kind=kind))


def _searched(kind: Kind) -> Listing:
    params = {"fields": [kind.id, kind.name, "state", *kind.texts]}
    return _listing(kind, params, partial(found, kind=kind))


def _listing(kind: Kind, params: Mapping[str, Any], rows: Callable[..., Iterable[Row]]) -> Listing:
    return Listing(kind.entity, "list", params, rows, kind.level, partial(_there, kind=kind), absent=kind.tv)


def _there(account: Account, kind: Kind) -> bool:
    """Whether an account may have such objects: an agency has none, and a country that is not known, any."""
    elsewhere = kind.tv and account.country and account.country not in TV_COUNTRIES
    return account.kind != AGENCY and not elsewhere


def _creatives(kind: Kind) -> Listing:
    """The creatives of the ad groups that are on, of which they are told."""
    reviews = replace(kind, review="moderationStatus")
    fields = ["creativeId", kind.id, reviews.review]
    entity = kind.entity.replace("ad_groups", "creatives")
    rows = partial(reviewed, kind=reviews, of="creativeId")
    there = partial(_there, kind=kind)
    return Listing(
        entity,
        "list",
        {"fields": fields},
        rows,
        kind.level,
        there,
        kind.tv,
        (kind.entity, kind.id, kind.name),
    )


ISSUES = (
    *map(_issues, KINDS),
    *(
        _creatives(kind)
        for kind in KINDS
        if kind.entity in ("sponsored_display_ad_groups", "sponsored_tv_ad_groups")
    ),
)
"""With the creatives of those products whose ads say nothing of the review of theirs."""
SEARCH = tuple(map(_searched, KINDS))
