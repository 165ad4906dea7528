"""What is in a Sponsored Display campaign or ad group: what goes with it, whether any is switched on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from mcp_ads.connectors.amazon_ads.spelling import in_words
from mcp_ads.connectors.amazon_ads.sponsored_products import inside
from mcp_ads.core import GET, Action

from . import rules
from .base import AD_GROUPS, AdGroupIds, CampaignIds, DisplayArchive, DisplayList, DisplayWrite

CAMPAIGN, GROUPS, ADS, TARGETS = inside.CAMPAIGN, inside.AD_GROUPS, inside.ADS, inside.TARGETS
CREATIVES = "creatives"
Live = Mapping[str, Any]


class Inside(DisplayList):
    """A list as far as the actions of what its objects are in look at it."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None


class Campaigns(Inside):
    """Campaigns as what is in them needs them."""

    http = GET("/sd/campaigns")


class AdGroups(Inside):
    """The ad groups of campaigns."""

    http = GET("/sd/adGroups")


class ProductAds(Inside):
    """The product ads of campaigns or ad groups."""

    http = GET("/sd/productAds")


class Targets(Inside):
    """The targets of campaigns or ad groups."""

    http = GET("/sd/targets")


class NegativeTargets(Inside):
    """The negative targets of campaigns or ad groups."""

    http = GET("/sd/negativeTargets")


IN_AD_GROUP: Mapping[str, type[Inside]] = {
    ADS: ProductAds,
    inside.TARGETS: Targets,
    "negative targets": NegativeTargets,
}
IN_CAMPAIGN: Mapping[str, type[Inside]] = {GROUPS: AdGroups, **IN_AD_GROUP}
ENTITIES = {
    GROUPS: AD_GROUPS,
    ADS: "sponsored_display_product_ads",
    TARGETS: "sponsored_display_targets",
}
"""Without one of each that is switched on nothing is shown, and where they are switched on."""


def found(live: Live, name: str) -> list[dict[str, Any]]:
    """The objects that were read under a name, in the words of people; none where they were not read."""
    return [in_words(row) for row in live.get(name) or ()]


def in_campaign(profile: str, campaign: str, *names: str) -> Mapping[str, Action]:
    """Lists of what is in a campaign."""
    return inside.reads({name: IN_CAMPAIGN[name] for name in names}, profile, campaign_id=campaign)


def above(profile: str, live: Live) -> Mapping[str, Action]:
    """The campaign an object is in, where its record names one."""
    return inside.above(profile, live, Campaigns)


class Made(DisplayWrite):
    """Makes what the same plan may make others beside; `made` is what these are called here."""

    made: ClassVar[str]

    def clash(self, other: Made) -> str:
        return self.clash_at(other, "")

    def clash_at(self, other: Made, reference: str) -> str:
        items = {self.made: self.item(), other.made: other.item()}
        ad, group, creative = items.get(ADS), items.get(GROUPS), items.get(CREATIVES)
        if self.made == other.made == ADS:
            new, others = self.item(), [other.item()]
            same = new["campaignId"] == others[0]["campaignId"]
            return (rules.goods(new, others) if same else "") or rules.alone(new, others)
        if ad and group and ad["adGroupId"] != reference and ad["campaignId"] == group["campaignId"]:
            return rules.one_group([ad], 2)
        if ad and creative and ad["adGroupId"] == creative["adGroupId"]:
            return rules.lacking([ad], creative["properties"])
        return ""


class Holding(DisplayWrite):
    """Changes what others are in: where it is switched on, it says whether anything in it is."""

    holds: ClassVar[Mapping[str, type[Inside]]]

    def asides(self, account: str) -> Mapping[str, Action]:
        wanted = {name: kind for name, kind in self.holds.items() if name in ENTITIES and self.delivers()}
        return inside.reads(wanted, account, **{self.subject: getattr(self, self.subject)})

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        needed = {name: found(live, name) for name in ENTITIES if live.get(name) is not None}
        yield from inside.idle(needed, ENTITIES) if self.delivers() else ()


class ArchiveWhole(DisplayArchive, Holding):
    """Archives what others are in, and these with it."""

    def asides(self, account: str) -> Mapping[str, Action]:
        return inside.reads(self.holds, account, **{self.subject: getattr(self, self.subject)})

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return inside.lost(live, self.holds)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        campaign = {CAMPAIGN: found(live, CAMPAIGN)}
        yield from inside.within({**live, **campaign})
        yield from inside.said({name: found(live, name) for name in self.holds}, self.holds)
