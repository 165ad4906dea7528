"""Which campaigns Amazon's writes change: by the campaign in their object's record, in every product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mcp_ads.core import Action
from mcp_ads.core.reach import NOTHING, Level, Reach, Reaches, Told

from .sponsored_brands.campaigns import ListCampaigns as ListBrandsCampaigns
from .sponsored_display.campaigns import ListCampaigns as ListDisplayCampaigns
from .sponsored_products.campaigns import ListCampaigns
from .types import NONE

INSIDE = {
    "sponsored_product": (
        "ad_groups", "product_ads", "keywords", "targets", "negative_keywords", "negative_targets",
        "campaign_negative_keywords", "campaign_negative_targets",
    ),
    "sponsored_brands": (
        "ad_groups", "ads", "keywords", "targets", "themes", "negative_keywords", "negative_targets",
    ),
    "sponsored_display": ("ad_groups", "product_ads", "targets", "negative_targets", "creatives"),
    "sponsored_tv": ("ad_groups", "ads", "targets", "creatives"),
}  # fmt: skip
"""What is in a campaign of each product; some records name their ad group alone."""
PORTFOLIOS, RULES = "portfolios", "sponsored_product_budget_rules"
PRODUCT_CAMPAIGNS = "sponsored_product_campaigns"


def _in_portfolio(profile: str, portfolio: str) -> Mapping[str, Action]:
    """The campaigns under its cap; Sponsored TV has no portfolios."""
    given = {"profile_id": profile, "portfolio_id": [portfolio], "fields": ["campaignId", "name"]}
    return {
        PRODUCT_CAMPAIGNS: ListCampaigns.model_validate(given),
        "sponsored_brands_campaigns": ListBrandsCampaigns.model_validate(given),
        "sponsored_display_campaigns": ListDisplayCampaigns.model_validate(given),
    }


def _above(product: str, kind: str) -> Mapping[str, str]:
    groups = {} if kind == "ad_groups" else {"adGroupId": f"{product}_ad_groups"}
    return {"campaignId": f"{product}_campaigns", **groups}


LEVELS = {
    **{f"{product}_campaigns": Level("name") for product in INSIDE},
    **{
        f"{product}_{kind}": Level(above=_above(product, kind))
        for product, kinds in INSIDE.items()
        for kind in kinds
    },
    PORTFOLIOS: Level(holds=_in_portfolio, shares=("budget.amount",)),
    RULES: Level(members=("campaigns", "campaignId", PRODUCT_CAMPAIGNS)),
}


def _campaign(own: Mapping[str, tuple[str, ...]]) -> Callable[[Mapping[str, Any]], Reach]:
    """What a write of a campaign changes: itself, where it is there, and what it shares a cap with then."""

    def told(params: Mapping[str, Any]) -> Reach:
        joins = params.get("portfolio_id") not in (None, NONE)
        return Reach({**own, "portfolio_id": (PORTFOLIOS,)} if joins else own)

    return told


TOLD: dict[str, Told] = {
    **{f"{product}_campaigns.create": _campaign({}) for product in INSIDE},
    **{
        f"{product}_campaigns.update": _campaign({"campaign_id": (f"{product}_campaigns",)})
        for product in INSIDE
    },
    "portfolios.create": NOTHING,
    "portfolios.update": Reach({"portfolio_id": (PORTFOLIOS,)}, harmless=("name",)),
    f"{RULES}.create": NOTHING,
    f"{RULES}.attach": Reach({"campaign_id": (PRODUCT_CAMPAIGNS,)}),
    f"{RULES}.detach": Reach({"campaign_id": (PRODUCT_CAMPAIGNS,)}),
    "reports.cancel": NOTHING,
    "test_accounts.create": NOTHING,
}
REACHES = Reaches(LEVELS, TOLD)
