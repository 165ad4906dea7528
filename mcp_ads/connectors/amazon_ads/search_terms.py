"""What Amazon tells of search terms: of Sponsored Products and Brands, the products that report them.

Terms that are a product's ASIN stand for product pages on which an ad was seen. Reports have the keyword, or
the target, that found a term; of automatic targeting its matchType says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Asked, Reading, Row, count, money, whose
from mcp_ads.core.search_terms import Adding, Match, OnList, SearchTerms, Standing, TermList, TermProduct

from .dialect import AGENCY
from .facts import PLATFORM, PRODUCTS, Product
from .listings import DSP_ONLY
from .ranges import BIDS, range_in
from .reports.catalogue import catalogue
from .reports.metrics import attributed_days
from .reports.rows import NOT_ADDED
from .reports.windows import too_early
from .sponsored_products.negatives import asin_of
from .sponsored_products.rules import alike, keyword_text

AUTOMATIC = "TARGETING_EXPRESSION_PREDEFINED"
MATCHES: Mapping[str, Match] = {"EXACT": "exact", "PHRASE": "phrase", "BROAD": "broad"}
UNKEPT = "Amazon keeps no search terms of these days any more"
ASIN = "asin "
"""What `targeting` of a target of one product begins with."""
_SIBILANT, _PLURAL, _ENDS = (
    re.compile(r"(?:(?<=[sxz])|(?<=[sc]h))es?$"),
    re.compile(r"(?<=..[^sui])s$"),
    {"ie": "y", "oe": "o"},
)
REPORTS = {"SP": ("spSearchTerm", "targeting"), "SB": ("sbSearchTerm", "keywordText")}
"""The report of each product, and its column with what found a term."""


def _reading(asked: Asked, account: Account, product: Product) -> Reading | None:
    """A product's report of the days; an agency's profile has none."""
    report, found_at = REPORTS[product.name]
    first = catalogue()[report].first(asked.today) if asked.today else asked.since
    if account.kind == AGENCY or first > asked.until:
        return None
    params = {
        "report_type": report,
        "time_range": asked.span,
        "time_unit": "SUMMARY",
        "fields": [
            "campaignId", "campaignName", "campaignStatus", "adGroupId", "adGroupName", "keywordId",
            "matchType", found_at, "searchTerm", "clicks", "cost", product.purchases, product.sales,
        ],
    }  # fmt: skip
    begins = first if first > asked.since else None
    told = (too_early(report, asked.since, first),) if begins else ()
    row = partial(_row, product=product, found_at=found_at)
    return Reading("reports", "run", params, row, product.name, quiet=(NOT_ADDED, *told), begins=begins)


def _row(record: Mapping[str, Any], account: Account, product: Product, found_at: str) -> Row:
    match, found = str(record.get("matchType") or ""), str(record.get(found_at) or "")
    return {
        **whose(PLATFORM, account),
        "ad_product": product.name,
        "term": str(record.get("searchTerm") or ""),
        "found_by": " ".join(filter(None, (match if match in MATCHES else "", found))),
        "automatic": match == AUTOMATIC,
        "closed": str(record.get("campaignStatus")).upper() == "ARCHIVED",
        "campaign": str(record.get("campaignId") or ""),
        "campaign_name": record.get("campaignName"),
        "ad_group": str(record.get("adGroupId") or ""),
        "ad_group_name": record.get("adGroupName"),
        "clicks": count(record.get("clicks")),
        "spend": money(record.get("cost")),
        "orders": count(record.get(product.purchases)),
        "sales": money(record.get(product.sales)),
    }


@lru_cache(maxsize=20_000)
def close(text: str) -> str:
    """Words as exact keywords and negatives match them, with simple plurals: red shoe and red shoes are one.

    Only what is written with s or es: other close variants that Amazon matches too are told apart.
    """
    return " ".join(map(_singular, text.split()))


def _singular(word: str) -> str:
    bare = _PLURAL.sub("", _SIBILANT.sub("", word))
    return bare[:-2] + _ENDS.get(bare[-2:], bare[-2:]) if len(bare) > len("tie") else bare


def _words(record: Mapping[str, Any]) -> Standing | None:
    """A keyword, or a negative one; what is put away is nothing any more."""
    match = MATCHES.get(str(record.get("matchType") or "").upper().removeprefix("NEGATIVE_"))
    text = str(record.get("keywordText") or "")
    there = match and text and not _is_gone(record)
    return _standing(record, "keywordId", alike(text), match, kind="keyword") if match and there else None


def _product(record: Mapping[str, Any]) -> Standing | None:
    """A target of just one product, or a negative one."""
    text = str(record.get("targeting") or "")
    plain = asin_of(text.removeprefix(ASIN)) if text.startswith(ASIN) else ""
    return (
        _standing(record, "targetId", plain, "exact", kind="product")
        if plain and not _is_gone(record)
        else None
    )


def _is_gone(record: Mapping[str, Any]) -> bool:
    return str(record.get("state")).upper() == "ARCHIVED"


def _standing(record: Mapping[str, Any], id_at: str, text: str, match: Match, *, kind: Any) -> Standing:
    return Standing(
        str(record.get(id_at)), kind, text, match, str(record.get("state")).upper() == "ENABLED",
        str(record.get("campaignId") or ""), str(record.get("adGroupId") or ""),
    )  # fmt: skip


def _lists(family: str, *, campaigns: bool) -> list[TermList]:
    """The lists of a family: what is bid on and what is negated, in ad groups and in `campaigns`."""
    fields = {
        "keywords": ["keywordId", "keywordText", "matchType", "state", "adGroupId", "campaignId"],
        "targets": ["targetId", "targeting", "state", "adGroupId", "campaignId"],
    }
    found = []
    for what, own in fields.items():
        made = _words if what == "keywords" else _product
        above = [name for name in own if name != "adGroupId"]
        found += [
            TermList(f"{family}_{what}", {"fields": own}, made),
            TermList(f"{family}_negative_{what}", {"fields": own}, made, negative=True),
        ]
        if campaigns:
            name = f"{family}_campaign_negative_{what}"
            found.append(TermList(name, {"fields": above}, made, negative=True))
    return found


def _on(family: str) -> list[OnList]:
    """The lists of what is switched on in a family."""
    state = {"state": ["ENABLED"]}
    campaigns, groups = {**state, "fields": ["campaignId", "endDate"]}, {**state, "fields": ["adGroupId"]}
    return [
        OnList("campaign", f"{family}_campaigns", campaigns, "campaignId", "endDate"),
        OnList("ad_group", f"{family}_ad_groups", groups, "adGroupId"),
    ]


def _told(product: Product, family: str, state: str) -> TermProduct:
    exact, negative = {"match_type": "EXACT"}, {"match_type": "NEGATIVE_EXACT"}
    return TermProduct(
        product.name,
        product.title,
        partial(_reading, product=product),
        _lists(family, campaigns=product.name == "SP"),
        _on(family),
        attributed_days(product.purchases),
        {
            "keyword": Adding(f"{family}_keywords", "keyword_text", exact, "bid", state, unbid=not state),
            "product": Adding(f"{family}_targets", "asin", {}, "bid", state, unbid=not state),
        },
        {
            "keyword": Adding(f"{family}_negative_keywords", "keyword_text", negative),
            "product": Adding(f"{family}_negative_targets", "asin", {}),
        },
        f"{family}_ad_groups",
        ("ad_group_id", "adGroupId", "name", "campaignId"),
    )


search_terms = SearchTerms(
    (
        _told(PRODUCTS[0], "sponsored_product", "state"),
        _told(PRODUCTS[1], "sponsored_brands", ""),  # whose new keywords are ENABLED, and take no state
    ),
    asin_of,
    alike,
    close,
    partial(range_in, BIDS),
    lambda text: "; ".join(keyword_text(text)),
    lambda account: DSP_ONLY if account.kind == AGENCY else UNKEPT,
)
