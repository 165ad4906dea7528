"""Sponsored Brands ad groups: what groups the ads, keywords and targets of a campaign."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from mcp_ads.connectors.amazon_ads.record_names import BRAND_AD_GROUP, OF_AD_GROUPS, SERVING
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import trimmed
from mcp_ads.connectors.amazon_ads.types import AdGroupId, CampaignId, Names, OneOrMore, State
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Action, Entity

from . import inside, rules
from .base import LEGACY, AdGroupIds, BrandArchive, BrandGet, BrandList, BrandWrite, CampaignIds, routes

ROUTES = routes("adGroups", "sbadgroupresource")
LEAN = ("adGroupId", "name", "state", SERVING, "campaignId")
ALIKE = {name: column for name, column in OF_AD_GROUPS.items() if name != "bid"}
CAMPAIGN = {"campaignId": "sponsored_brands_campaigns"}
NO_BID = dict.fromkeys(("bid", "default_bid"), "ad groups here have none: keywords, targets and themes bid")
Name = Annotated[str, AfterValidator(trimmed), Field(min_length=1, max_length=255, examples=["Beach, video"])]


class ListAdGroups(BrandList):
    """List Sponsored Brands ad groups. They have no bid: that is on keywords and targets."""

    ad_group_id: AdGroupIds = None
    campaign_id: CampaignIds = None
    name: Names = None

    http, records, lean = ROUTES.list, "adGroups", LEAN
    known, alike = BRAND_AD_GROUP, ALIKE


class GetAdGroup(BrandGet):
    """Read one Sponsored Brands ad group, or several with a list of ids."""

    ad_group_id: Annotated[OneOrMore, Field(alias="adGroupIdFilter", examples=["192000000000001"])]

    http, records, subject = ROUTES.list, "adGroups", "ad_group_id"
    lean = (*LEAN, "extendedData.servingStatusDetails", "extendedData.creationDate")
    known, alike = BRAND_AD_GROUP, ALIKE


class CreateAdGroup(BrandWrite):
    """Create an ad group in a Sponsored Brands campaign. It starts PAUSED; its keywords and targets bid."""

    campaign_id: Annotated[CampaignId, Field(examples=["191000000000001"])]
    name: Name
    state: State = "PAUSED"

    http, does, key, new_id_at, retired = ROUTES.create, "makes", "adGroups", "adGroupId", NO_BID
    found_by = ("campaign_id", "name")
    parents = {"campaign_id": "sponsored_brands_campaigns"}

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        campaign = parents.get("campaign_id", {})
        if "TARGETING" in (campaign.get("smartDefault") or ("TARGETING" if campaign.get("goal") else "")):
            yield f"the campaign's smartDefault is TARGETING: {rules.THEMES}"


class OneAdGroup(BrandWrite):
    """What changing an ad group takes."""

    ad_group_id: Annotated[AdGroupId, Field(examples=["192000000000001"])]

    http, key, subject, paid_by = ROUTES.update, "adGroups", "ad_group_id", CAMPAIGN

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        """Its campaign; and where it is switched on, whether anything in it is."""
        wanted = inside.NEEDED_IN_AD_GROUP if self.delivers() else ()
        within = inside.reads(wanted, account, ad_group_id=self.ad_group_id)
        return {**within, **inside.above(account, live)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.idle(live) if self.delivers() else ()
        if inside.campaign_of(live).get("isMultiAdGroupsEnabled") is False:
            yield f"its campaign was {LEGACY}: Amazon may refuse this; change the campaign instead"


class UpdateAdGroup(OneAdGroup):
    """Change an ad group's name or state."""

    sample, retired = {"name": "Beach, video"}, NO_BID

    name: Name | None = None
    state: State | None = None


class PauseAdGroup(Pause, OneAdGroup):
    """Pause ad groups: their ads stop delivering."""


class ActivateAdGroup(Activate, OneAdGroup):
    """Enable ad groups: enabled ads in them start spending if the campaign is enabled."""


class DeleteAdGroup(BrandArchive, OneAdGroup):
    """Archive ad groups for good, with all in them: ads, keywords, targets, negatives."""

    http = ROUTES.archive

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        within = inside.reads(inside.IN_AD_GROUP, account, ad_group_id=self.ad_group_id)
        return {**super().beside(account, live), **within}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return inside.lost(live, inside.IN_AD_GROUP)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.within(live)
        yield from inside.said(live, inside.IN_AD_GROUP)


sponsored_brands_ad_groups = Entity(
    noun="ad group",
    list=ListAdGroups,
    get=GetAdGroup,
    create=CreateAdGroup,
    update=UpdateAdGroup,
    pause=PauseAdGroup,
    activate=ActivateAdGroup,
    delete=DeleteAdGroup,
)
