"""Sponsored Products ad groups: products and what they are shown for, with a default bid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import AD_GROUP as KNOWN
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, OF_AD_GROUPS, SERVING
from mcp_ads.connectors.amazon_ads.types import (
    CAMPAIGN,
    SHORT,
    AdGroupId,
    AdGroupIds,
    Bid,
    CampaignId,
    CampaignIds,
    Names,
    NewBid,
    OneOrMore,
    State,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Action, Entity

from . import inside, rules
from .base import SpArchive, SpWrite, routes

ROUTES = routes("adGroups", "spAdGroup")
LEAN = ("adGroupId", "name", "state", SERVING, "defaultBid", "campaignId")
Name = Annotated[
    str, AfterValidator(rules.trimmed), Field(min_length=1, max_length=255, examples=["Running shoes"])
]
BIDS = {**SHORT, "bid": "default_bid"}


class ListAdGroups(SpList):
    """List Sponsored Products ad groups, of some campaigns or all."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    name: Names = None
    campaign_targeting_type: Annotated[
        Literal["AUTO", "MANUAL"] | None, BeforeValidator(upper), Field(alias="campaignTargetingTypeFilter")
    ] = None

    http, records, lean = ROUTES.list, "adGroups", LEAN
    known, alike = KNOWN, OF_AD_GROUPS


class GetAdGroup(SpGet):
    """Read one Sponsored Products ad group, or several with a list of ids."""

    ad_group_id: Annotated[OneOrMore, Field(alias="adGroupIdFilter", examples=["130000000000001"])]

    http, records, lean, subject = ROUTES.list, "adGroups", (*LEAN, *DETAILS), "ad_group_id"
    known, alike = KNOWN, OF_AD_GROUPS


class CreateAdGroup(SpWrite):
    """Create an ad group in a campaign. It starts PAUSED."""

    campaign_id: CampaignId
    name: Name
    default_bid: NewBid
    state: State = "PAUSED"

    http, does, key, new_id_at, aliases = ROUTES.create, "makes", "adGroups", "adGroupId", BIDS
    found_by = ("campaign_id", "name")
    parents = {"campaign_id": "sponsored_product_campaigns"}

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        yield from rules.bid_under_budget("default_bid", self.default_bid, parents.get("campaign_id", {}))

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        if parents.get("campaign_id", {}).get("targetingType") == "AUTO":
            yield f"Amazon adds four automatic targets, which are ENABLED and bid {self.default_bid}"


class OneAdGroup(SpWrite):
    """What changing an ad group takes."""

    ad_group_id: AdGroupId

    http, key, subject, paid_by = ROUTES.update, "adGroups", "ad_group_id", CAMPAIGN

    def asides(self, account: str) -> Mapping[str, Action]:
        """Where it is switched on: whether anything in it is."""
        wanted = inside.NEEDED_IN_AD_GROUP if self.delivers() else {}
        return inside.reads(wanted, account, ad_group_id=self.ad_group_id)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.idle(live) if self.delivers() else ()


class UpdateAdGroup(OneAdGroup):
    """Change an ad group's name, state or default bid."""

    sample = {"default_bid": "0.75 USD"}

    name: Name | None = None
    default_bid: Bid = None
    state: State | None = None

    aliases = BIDS


class PauseAdGroup(Pause, OneAdGroup):
    """Pause ad groups: their ads stop delivering."""


class ActivateAdGroup(Activate, OneAdGroup):
    """Enable ad groups: enabled ads in them start spending if the campaign is enabled."""


class DeleteAdGroup(SpArchive, OneAdGroup):
    """Archive ad groups for good, with all in them: ads, keywords, targets, negatives."""

    http = ROUTES.archive

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        within = inside.reads(inside.IN_AD_GROUP, account, ad_group_id=self.ad_group_id)
        return {**within, **inside.above(account, live)}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return inside.lost(live, inside.IN_AD_GROUP)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.within(live)
        yield from inside.said(live, inside.IN_AD_GROUP)


sponsored_product_ad_groups = Entity(
    noun="ad group",
    list=ListAdGroups,
    get=GetAdGroup,
    create=CreateAdGroup,
    update=UpdateAdGroup,
    pause=PauseAdGroup,
    activate=ActivateAdGroup,
    delete=DeleteAdGroup,
)
