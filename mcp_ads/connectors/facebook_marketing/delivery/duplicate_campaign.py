"""Duplicating campaigns: in one request, or level by level where there is more below than one takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.types import Id, Time
from mcp_ads.core import POST, Context, Part, made_by
from mcp_ads.core.write import Brought
from mcp_ads.errors import InvalidParams

from .base import DailyBudget, LifetimeBudget, SpendCap
from .choices import BidStrategy
from .copied import MOST_BELOW, below, counted, over, switched_on
from .copies import AMOUNTS, MOST_ADS, Deep, Duplicate
from .duplicates import MONEY_AND_TIME, DuplicateAd, DuplicateAdSet

ITS_KIND = "the campaign has a {0}, and its copy too: give that, or none"
ON_AD_SETS = (
    "its ad sets have the budgets, and so have the copy's: copy the campaign with deep_copy=false, then each "
    'ad set with ad_sets.duplicate, campaign_id="@1.id", its daily_budget and append_to'
)


class DuplicateCampaign(Duplicate):
    """Copy a campaign with its ad sets and ads, PAUSED; give a name or a budget to change them."""

    campaign_id: Annotated[Id, Field(examples=["120210000000000001"])]
    deep_copy: Deep = True
    start_time: Annotated[Time, Field(description="Of the copied ad sets.")] = None
    end_time: Annotated[Time, Field(description="Of the copied ad sets.")] = None
    daily_budget: DailyBudget = None
    lifetime_budget: LifetimeBudget = None
    spend_cap: SpendCap = None
    bid_strategy: BidStrategy | None = None

    http, aliases = POST("/{campaign_id}/copies"), {"id": "campaign_id"}
    noun, entity, belongs_to, copied_id = "campaign", "campaigns", "campaign_id", "copied_campaign_id"
    begins, ends = "start_time", "stop_time"
    said = "duplicate clone copy of a campaign"
    reads = (
        "name", "status", "objective", "smart_promotion_type", "daily_budget", "lifetime_budget", "spend_cap",
        "start_time", "stop_time", f"adsets.limit({MOST_BELOW}){{id,name,status,{','.join(MONEY_AND_TIME)}}}",
        f"ads.limit({MOST_BELOW}){{id,adset_id}}",
    )  # fmt: skip

    def ad_sets(self) -> list[Mapping[str, Any]]:
        return below(self.whole, "adsets") if self.deep_copy else []

    def ads(self) -> list[Mapping[str, Any]]:
        return below(self.whole, "ads") if self.deep_copy else []

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        has = [name for name in AMOUNTS if (live or {}).get(name) not in (None, "", "0")]
        given = [name for name in AMOUNTS if getattr(self, name) is not None]
        if live and given and given != has:
            raise InvalidParams(f"{given[-1]}: {ITS_KIND.format(has[0]) if has else ON_AD_SETS}")
        return super().settled(context, live)

    def refused(self) -> Iterable[str]:
        yield from super().refused()
        endless = over(self.whole, "stop_time") and not self.end_time
        if endless and self.whole.get("lifetime_budget") not in (None, "", "0"):
            yield "end_time: the campaign has ended and has a lifetime budget; say when the copy ends"

    def along(self) -> str:
        sets, ads = len(self.ad_sets()), len(self.ads())
        return (
            f" with {counted(sets, 'ad set')} and {counted(ads, 'ad')}"
            if self.deep_copy and self.source
            else ""
        )

    def sets(self) -> dict[str, Any]:
        times = {"start_time": self.start_time, "stop_time": self.end_time}
        if not over(self.whole, "stop_time"):
            times["stop_time"] = self.end_time or self.whole.get("stop_time")
        known = {name: time for name, time in times.items() if time and self.lifetime_budget}
        strategy = {"bid_strategy": self.bid_strategy} if self.bid_strategy else {}
        return {**super().sets(), **known, **strategy}

    def later(self) -> dict[str, Any]:
        strategy = {"bid_strategy": self.bid_strategy} if self.bid_strategy else {}
        return {**super().later(), **self.amounts_changed(), **strategy}

    def brings(self) -> Iterable[Brought]:
        if self.daily_budget is None and self.lifetime_budget is None:
            after = switched_on(self.ad_sets(), self)
            yield Brought("ad_sets", after=after, live=self.turns_on, of="ad_sets")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if not self.start_time and any(over(ad_set, "end_time") for ad_set in self.ad_sets()):
            yield "some of its ad sets have ended: their copies begin at once, and run as long as those did"

    def splits(self) -> bool:
        return len(self.ads()) > MOST_ADS or bool(self.ad_sets() and self.turns_on and self.later())

    def parts_below(self) -> Iterable[Part]:
        """Each ad set with its ads where these are few, else the ad set and then each ad."""
        number, campaign = 1, made_by(1, self.copied_id)
        for ad_set in reversed(self.ad_sets()):
            own = [ad for ad in reversed(self.ads()) if ad.get("adset_id") == ad_set["id"]]
            alone, number = len(own) > MOST_ADS, number + 1
            options = {"status_option": self.status_option, "rename_options": self.renames_below}
            body = {**self.body(deep=not alone), **options, "campaign_id": campaign}
            along = "" if alone else f" with {counted(len(own), 'ad')}"
            line = f"copies ad set {ad_set['id']}{along} into it"
            yield self.one_copy(f"/{ad_set['id']}/copies", body, DuplicateAdSet, line)
            place = made_by(number, DuplicateAdSet.copied_id)
            for ad in own if alone else ():
                number += 1
                into = {**options, "adset_id": place}
                yield self.one_copy(
                    f"/{ad['id']}/copies", into, DuplicateAd, f"copies ad {ad['id']} into that ad set"
                )
