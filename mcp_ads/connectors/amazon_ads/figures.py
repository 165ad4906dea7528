"""The reports with the figures of Amazon's objects, by which writes find them and bids are worked out.

A keyword's and a target's rows are in one report, for Sponsored Products under one name: keywordId is the
target's id there. In Sponsored Brands each has a column of its own, and rows of one kind are asked for, so
that none is without an id; what is in campaigns from before there were several ad groups has no rows. No page
of Amazon's says under which id a theme's row is, and none reports by ad of Sponsored TV: by figures these
are not found. What stands in several windows of days is added up by its id, whoever does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core.figures import Awareness, Figures, PerClick

from .facts import PRODUCTS, Product
from .reports import metrics
from .reports.rows import NOT_ADDED
from .reports.windows import RESTATED
from .sponsored_products.bids import INHERITED

SP, SB, SD, ST = PRODUCTS
PER_CLICK = PerClick("clicks", "cost", "conversions", "conversion_value")
"""By the names that are each product's own purchases and sales."""
WORDS = ("BROAD", "PHRASE", "EXACT")
VIEWED = Awareness("costType", ("VCPM",))
"""Of campaigns that pay for a thousand viewable impressions."""
EXPRESSIONS = ("TARGETING_EXPRESSION", "TARGETING_EXPRESSION_PREDEFINED")


def _of_kinds(*kinds: str) -> Mapping[str, Any]:
    """The parameter that asks for rows of some kinds of targeting."""
    return {"filters": [{"field": "keywordType", "values": [*kinds]}]}


def _report(
    product: Product,
    name: str,
    id_at: str,
    *groups: str,
    clicks: bool = False,
    awareness: Awareness | None = None,
    **more: Any,
) -> Figures:
    """One of a product's reports, all of whose days are one row; with `clicks` a bid there is for one."""
    grouped = {"report_group_by": [*groups]} if groups else {}
    return Figures(
        "reports",
        "run",
        id_at,
        {"report_type": name, "time_unit": "SUMMARY", **grouped, **more},
        per_click=PER_CLICK if clicks else None,
        final_after=metrics.attributed_days(product.purchases) + RESTATED,
        quiet=(NOT_ADDED, INHERITED),
        complete=product is not SB,
        awareness=awareness,
    )


FIGURES: Mapping[str, Figures] = {
    "sponsored_product_campaigns": _report(SP, "spCampaigns", "campaignId", "campaign"),
    "sponsored_product_ad_groups": _report(
        SP, "spCampaigns", "adGroupId", "campaign", "adGroup", clicks=True
    ),
    "sponsored_product_product_ads": _report(SP, "spAdvertisedProduct", "adId"),
    "sponsored_product_keywords": _report(SP, "spTargeting", "keywordId", clicks=True),
    "sponsored_product_targets": _report(SP, "spTargeting", "keywordId", clicks=True),
    "sponsored_brands_campaigns": _report(SB, "sbCampaigns", "campaignId", "campaign", awareness=VIEWED),
    "sponsored_brands_ad_groups": _report(SB, "sbAdGroup", "adGroupId", "adGroup"),
    "sponsored_brands_ads": _report(SB, "sbAds", "adId"),
    "sponsored_brands_keywords": _report(SB, "sbTargeting", "keywordId", clicks=True, **_of_kinds(*WORDS)),
    "sponsored_brands_targets": _report(
        SB, "sbTargeting", "targetingId", clicks=True, **_of_kinds(*EXPRESSIONS)
    ),
    "sponsored_display_campaigns": _report(SD, "sdCampaigns", "campaignId", "campaign", awareness=VIEWED),
    "sponsored_display_ad_groups": _report(SD, "sdAdGroup", "adGroupId", "adGroup", clicks=True),
    "sponsored_display_product_ads": _report(SD, "sdAdvertisedProduct", "adId"),
    "sponsored_display_targets": _report(SD, "sdTargeting", "targetingId", "targeting", clicks=True),
    "sponsored_tv_campaigns": _report(ST, "stCampaigns", "campaignId", "campaign"),
    "sponsored_tv_ad_groups": _report(ST, "stCampaigns", "adGroupId", "campaign", "adGroup"),
    "sponsored_tv_targets": _report(ST, "stTargeting", "keywordId", "targeting"),
}
