"""Sponsored Products ad groups: products and what they are shown for, with a default bid."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.core import POST, PUT, Entity

from . import rules
from .dialect import vendor
from .lists import SpGet, SpList
from .record_names import AD_GROUP as KNOWN
from .record_names import DETAILS, OF_AD_GROUPS, SERVING
from .sponsored_products import SpArchive, SpWrite
from .types import (
    CAMPAIGN,
    SHORT,
    AdGroupIds,
    Bid,
    CampaignIds,
    Names,
    NewBid,
    ObjectId,
    OneOrMore,
    State,
    upper,
)

MEDIA = "spAdGroup.v3"
LIST, CREATE = vendor(POST, "/sp/adGroups/list", MEDIA), vendor(POST, "/sp/adGroups", MEDIA)
UPDATE, ARCHIVE = vendor(PUT, "/sp/adGroups", MEDIA), vendor(POST, "/sp/adGroups/delete", MEDIA)
LEAN = ("adGroupId", "name", "state", SERVING, "defaultBid", "campaignId")
Name = Annotated[str, Field(min_length=1, max_length=255, examples=["Running shoes"])]
BIDS = {**SHORT, "bid": "default_bid"}


class ListAdGroups(SpList):
    """List Sponsored Products ad groups, of some campaigns or all."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    name: Names = None
    campaign_targeting_type: Annotated[
        Literal["AUTO", "MANUAL"] | None, BeforeValidator(upper), Field(alias="campaignTargetingTypeFilter")
    ] = None

    http, records, lean = LIST, "adGroups", LEAN
    known, alike = KNOWN, OF_AD_GROUPS


class GetAdGroup(SpGet):
    """Read one Sponsored Products ad group, or several with a list of ids."""

    ad_group_id: Annotated[OneOrMore, Field(alias="adGroupIdFilter", examples=["123456789012345"])]

    http, records, lean, subject = LIST, "adGroups", (*LEAN, *DETAILS), "ad_group_id"
    known, alike = KNOWN, OF_AD_GROUPS


class CreateAdGroup(SpWrite):
    """Create an ad group in a campaign. It starts PAUSED."""

    campaign_id: ObjectId
    name: Name
    default_bid: NewBid
    state: State = "PAUSED"

    http, does, key, made, also = CREATE, "makes", "adGroups", "adGroupId", BIDS
    found_by = ("campaign_id", "name")
    parents = {"campaign_id": "sponsored_product_campaigns"}

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        yield from rules.bid_under_budget("default_bid", self.default_bid, parents.get("campaign_id", {}))


class OneAdGroup(SpWrite):
    """What changing an ad group takes."""

    ad_group_id: ObjectId

    http, key, subject, under = UPDATE, "adGroups", "ad_group_id", CAMPAIGN


class UpdateAdGroup(OneAdGroup):
    """Change an ad group's name, state or default bid."""

    sample = {"default_bid": "0.75 USD"}

    name: Name | None = None
    default_bid: Bid = None
    state: State | None = None

    also = BIDS


class PauseAdGroup(OneAdGroup):
    """Pause ad groups: their ads stop delivering."""

    state: Literal["PAUSED"] = "PAUSED"


class ActivateAdGroup(OneAdGroup):
    """Enable ad groups: enabled ads in them start spending if the campaign is enabled."""

    state: Literal["ENABLED"] = "ENABLED"


class DeleteAdGroup(SpArchive, OneAdGroup):
    """Archive ad groups, and the ads and keywords in them, for good."""

    http = ARCHIVE


sponsored_product_ad_groups = Entity(
    noun="ad-group",
    list=ListAdGroups,
    get=GetAdGroup,
    create=CreateAdGroup,
    update=UpdateAdGroup,
    pause=PauseAdGroup,
    activate=ActivateAdGroup,
    delete=DeleteAdGroup,
)
