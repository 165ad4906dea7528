"""Sponsored Display ad groups: products and whom they are shown to, with a default bid."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.ranges import DISPLAY_BIDS, range_in
from mcp_ads.connectors.amazon_ads.record_names import DISPLAY_AD_GROUP, OF_DISPLAY_AD_GROUPS
from mcp_ads.connectors.amazon_ads.sponsored_products import rules as of_products
from mcp_ads.connectors.amazon_ads.types import SHORT, Bid, NewBid, ObjectId, SomeIds, State, upper
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import DELETE, GET, POST, PUT, Action, Column, Entity
from mcp_ads.core.bid_to import BidRange

from . import inside, rules
from .base import (
    CAMPAIGNS,
    PAID_BY_CAMPAIGN,
    AdGroupIds,
    CampaignIds,
    DisplayGet,
    DisplayList,
    DisplayRead,
    WholeName,
)

PATH = "/sd/adGroups"
LEAN = ("adGroupId", "name", "state", "servingStatus", "defaultBid", "campaignId")
MORE = (*LEAN, "bidOptimization", "creativeType", "tactic", "creationDate", "lastUpdatedDate")
BIDS = {**SHORT, "bid": "default_bid"}
Name = Annotated[
    str, AfterValidator(of_products.trimmed), Field(min_length=1, max_length=255, examples=["Totes"])
]


class AdGroupRead(DisplayRead):
    """What reading ad groups takes."""

    http = GET(PATH)
    known, alike = DISPLAY_AD_GROUP, OF_DISPLAY_AD_GROUPS

    def kinds(self) -> Mapping[str, Column]:
        return {"tactic": rules.TACTIC}


class ListAdGroups(AdGroupRead, DisplayList):
    """List Sponsored Display ad groups, of some campaigns or all."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    name: WholeName = None

    lean = LEAN


class GetAdGroup(AdGroupRead, DisplayGet):
    """Read one Sponsored Display ad group, or several with a list of ids."""

    ad_group_id: Annotated[SomeIds, Field(alias="adGroupIdFilter", examples=["190000000000001"])]

    subject, lean = "ad_group_id", MORE


class CreateAdGroup(inside.Made):
    """Create an ad group in a Sponsored Display campaign. It starts PAUSED.

    A campaign whose ads lead to a store or off Amazon has one ad group only.
    """

    campaign_id: Annotated[ObjectId, Field(examples=["180000000000001"])]
    name: Name
    default_bid: Annotated[
        NewBid, Field(description="For a click, or for a thousand viewed impressions in a vcpm campaign.")
    ]
    bid_optimization: Annotated[
        Literal["clicks", "conversions", "reach"] | None,
        BeforeValidator(rules.lower),
        Field(
            description="cpc campaigns: clicks (what counts without) or conversions; vcpm: reach. It never "
            "changes."
        ),
    ] = None
    creative_type: Annotated[
        Literal["IMAGE", "VIDEO"] | None,
        BeforeValidator(upper),
        Field(description="IMAGE counts without; VIDEO is for products alone. It never changes."),
    ] = None
    state: State = "PAUSED"

    http, does, new_id_at, aliases = POST(PATH), "makes", "adGroupId", BIDS
    made = inside.GROUPS
    found_by, parents = ("campaign_id", "name"), {"campaign_id": CAMPAIGNS}

    def asides(self, account: str) -> Mapping[str, Action]:
        return inside.in_campaign(account, self.campaign_id, inside.GROUPS, inside.ADS)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or rules.one_group(
            inside.found(live, inside.ADS), 1 + len(live.get(inside.GROUPS) or ())
        )

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        yield from rules.optimizes(self.bid_optimization, parents.get("campaign_id", {}))

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield from rules.default_bid(self.default_bid, parents.get("campaign_id", {}))


class OneAdGroup(inside.Holding):
    """What changing an ad group takes."""

    ad_group_id: Annotated[ObjectId, Field(examples=["190000000000001"])]

    http, subject, holds, paid_by = PUT(PATH), "ad_group_id", inside.IN_AD_GROUP, PAID_BY_CAMPAIGN


class UpdateAdGroup(OneAdGroup):
    """Change an ad group's name, state or default bid."""

    sample = {"default_bid": "0.75 USD"}
    retired = dict.fromkeys(
        ("campaign_id", "bid_optimization", "creative_type"),
        "it never changes: create another ad group and archive this one",
    )

    name: Name | None = None
    default_bid: Bid = None
    state: State | None = None

    aliases = BIDS

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        campaign = inside.above(account, live) if self.default_bid is not None else {}
        return {**super().beside(account, live), **campaign}

    def not_per_click(self, live: Mapping[str, Any]) -> str:
        return rules.not_per_click(inside.found(live, inside.CAMPAIGN))

    def bid_range(self, live: Mapping[str, Any], currency: str) -> BidRange:
        return BidRange() if self.not_per_click(live) else range_in(DISPLAY_BIDS[rules.CPC], currency)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        for campaign in inside.found(live, inside.CAMPAIGN):
            yield from rules.default_bid(self.default_bid, campaign)


class PauseAdGroup(Pause, OneAdGroup):
    """Pause ad groups: their ads stop delivering."""


class ActivateAdGroup(Activate, OneAdGroup):
    """Enable ad groups: enabled ads in them spend if the campaign is enabled."""


class DeleteAdGroup(inside.ArchiveWhole, OneAdGroup):
    """Archive ad groups and all in them: ads, targets. Nothing undoes it."""

    http = DELETE(f"{PATH}/{{ad_group_id}}")

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return {**super().beside(account, live), **inside.above(account, live)}


sponsored_display_ad_groups = Entity(
    noun="ad group",
    list=ListAdGroups,
    get=GetAdGroup,
    create=CreateAdGroup,
    update=UpdateAdGroup,
    pause=PauseAdGroup,
    activate=ActivateAdGroup,
    delete=DeleteAdGroup,
)
