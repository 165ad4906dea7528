"""Sponsored TV ad groups: an ad and what it is shown beside, with a default bid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.record_names import OF_AD_GROUPS
from mcp_ads.connectors.amazon_ads.sponsored_products import rules
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    AdGroupIds,
    Bid,
    CampaignIds,
    Json,
    OneOrMore,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Account, Action, Entity, dig

from . import inside
from .base import (
    CAMPAIGN,
    CAMPAIGNS,
    TIMES,
    AdGroupId,
    CampaignId,
    TvArchive,
    TvGet,
    TvList,
    TvNames,
    TvRead,
    TvWrite,
    routes,
)

ROUTES = routes("adGroups", "stAdGroup")
LEAN = ("adGroupId", "name", "state", TIMES[0], "defaultBid", "campaignId")
KNOWN = ("adGroupId", "name", "state", "defaultBid", "campaignId", "fullFunnelCampaignId", *TIMES)
BIDS = {**SHORT, "bid": "default_bid"}
NO_BID = "no default bid: Amazon's own counts, of which it says 15 USD for a thousand impressions in the US"


def _amount(value: Any) -> Any:
    """Amazon's own {"bid": 25} is the amount in it."""
    return value["bid"] if isinstance(value, dict) and value.keys() == {"bid"} else value


Name = Annotated[
    str, AfterValidator(rules.trimmed), Field(min_length=1, max_length=255, examples=["Running shoes"])
]
PerThousand = Annotated[
    Bid,
    BeforeValidator(_amount),
    Field(description='"25 USD" for a thousand impressions; "+10%" of what it is.'),
]


class AdGroupRead(TvRead):
    """A bid is shown without the object Amazon has it in."""

    known, alike = KNOWN, OF_AD_GROUPS

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return {**record, "defaultBid": dig(record.get("defaultBid"), "bid")}


class ListAdGroups(AdGroupRead, TvList):
    """List Sponsored TV ad groups, of some campaigns or all; `defaultBid` is for a thousand impressions."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    name: TvNames = None

    http, records, total, lean = ROUTES.list, "adGroups", "totalCount", LEAN


class GetAdGroup(AdGroupRead, TvGet):
    """Read one Sponsored TV ad group, or several with a list of ids."""

    ad_group_id: Annotated[OneOrMore, Field(alias="adGroupIdFilter", examples=["101000000000001"])]

    http, records, lean, subject = ROUTES.list, "adGroups", (*LEAN, *TIMES[1:]), "ad_group_id"


class AdGroupFields(TvWrite):
    """What creating and updating share: a bid is sent in an object of its own."""

    name: Name | None = None
    default_bid: PerThousand = None

    key, aliases = "adGroups", BIDS

    def wire(self) -> Json:
        item = self.item()
        return {**item, "defaultBid": {"bid": item["defaultBid"]}} if "defaultBid" in item else item


class CreateAdGroup(AdGroupFields):
    """Create an ad group in a Sponsored TV campaign. It starts PAUSED; every target in it has its bid."""

    campaign_id: CampaignId
    name: Name
    state: State = "PAUSED"

    http, does, new_id_at, found_by = ROUTES.create, "makes", "adGroupId", ("campaign_id", "name")
    parents = {"campaign_id": CAMPAIGNS}
    sample = {"default_bid": "25 USD"}

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        if self.default_bid is None:
            yield NO_BID
        yield from rules.bid_under_budget("default_bid", self.default_bid, parents.get("campaign_id", {}))


class OneAdGroup(TvWrite):
    """What changing an ad group takes."""

    ad_group_id: AdGroupId

    http, key, subject, paid_by = ROUTES.update, "adGroups", "ad_group_id", CAMPAIGN

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        """Where it is switched on: whether anything in it is, and whether its campaign needs targets."""
        if not self.delivers():
            return super().beside(account, live)
        within = inside.reads(inside.IN_AD_GROUP, account, ad_group_id=self.ad_group_id)
        return {**within, **inside.films(account, self.ad_group_id), **inside.above(account, live)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.idle(live) if self.delivers() else ()


class UpdateAdGroup(OneAdGroup, AdGroupFields):
    """Change an ad group's name, state or default bid."""

    sample = {"default_bid": "25 USD"}

    state: State | None = None

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        campaign = inside.above(account, live) if self.default_bid is not None else {}
        return {**super().beside(account, live), **campaign}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        for campaign in live.get(inside.CAMPAIGN) or ():
            budget = {"budget": dig(campaign, "budgetSettings.budget.budgetValue.amount")}
            yield from rules.bid_under_budget("default_bid", self.default_bid, budget)


class PauseAdGroup(Pause, OneAdGroup):
    """Pause ad groups: their ads stop delivering."""


class ActivateAdGroup(Activate, OneAdGroup):
    """Enable ad groups: enabled ads in them start spending if the campaign is enabled."""


class DeleteAdGroup(TvArchive, OneAdGroup):
    """Archive ad groups for good, with their ads and targets."""

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


sponsored_tv_ad_groups = Entity(
    noun="ad group",
    list=ListAdGroups,
    get=GetAdGroup,
    create=CreateAdGroup,
    update=UpdateAdGroup,
    pause=PauseAdGroup,
    activate=ActivateAdGroup,
    delete=DeleteAdGroup,
)
