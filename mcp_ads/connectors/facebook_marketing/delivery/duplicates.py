"""Duplicating ad sets and ads; what a copy cannot do, a following change does, or making it anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Annotated, Any, Self

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.creative.specs import Creative, CreativeFields
from mcp_ads.connectors.facebook_marketing.types import PROMINENT, Id, Object, ObjectId, Time
from mcp_ads.core import POST, Context, Leaves, Part, Request, made_by
from mcp_ads.core.validate import build
from mcp_ads.core.write import Write
from mcp_ads.errors import InvalidParams

from . import rules, special_rules
from .base import (
    CAMPAIGN_BUDGET,
    Bid,
    DailyBudget,
    LifetimeBudget,
)
from .choices import BidStrategy, BillingEvent, Destination, Goal
from .copied import MOST_BELOW, ahead, below, counted, over, put_away
from .copies import AMOUNTS, MOST_ADS, Deep, Duplicate
from .new_ad_sets import categories_of

MONEY_AND_TIME = ("daily_budget", "lifetime_budget", "start_time", "end_time")
KIND = "campaign{objective,smart_promotion_type,daily_budget,lifetime_budget,stop_time}"
REBUILT = (
    "targeting", "optimization_goal", "billing_event", "promoted_object", "destination_type",
    "attribution_spec", "bid_strategy", "bid_amount", "bid_constraints", "adset_schedule", "pacing_type",
    "dsa_beneficiary", "dsa_payor", "daily_spend_cap", "lifetime_spend_cap", "daily_min_spend_target",
    "lifetime_min_spend_target", "frequency_control_specs", "is_dynamic_creative",
    "regional_regulated_categories", "regional_regulation_identities",
)  # fmt: skip
"""What an ad set that is made anew has of the one it is made from; the rest Facebook works out itself."""
FIXED = (
    "promoted_object", "optimization_goal", "billing_event", "destination_type", "attribution_spec",
    "dsa_beneficiary", "dsa_payor",
)  # fmt: skip
"""What neither a copy takes nor an ad set changes afterwards."""
LATER = ("targeting", "bid_strategy")
"""What an ad set changes after it was copied."""
OF_AN_AD = ("tracking_specs", "conversion_domain")
"""What an ad that is made anew has of the one it is made from."""
MADE_UP = ("smart_pse_enabled",)
"""What Facebook adds to a promoted object, and does not take back."""


class DuplicateAdSet(Duplicate):
    """Copy an ad set with its ads, PAUSED, also into another campaign or with another audience or budget."""

    adset_id: Annotated[Id, Field(examples=["120210000000000003"])]
    campaign_id: Annotated[ObjectId | None, Field(description="Another campaign, to copy it into.")] = None
    deep_copy: Deep = True
    start_time: Time = None
    end_time: Time = None
    daily_budget: DailyBudget = None
    lifetime_budget: LifetimeBudget = None
    bid_amount: Bid = None
    bid_strategy: BidStrategy | None = None
    targeting: Annotated[Object | None, Field(description="Facebook's targeting object, all of it.")] = None
    promoted_object: Annotated[
        Object | None, Field(description="Another pixel, event or page: the ad set is made anew.")
    ] = None
    optimization_goal: Goal | None = None
    billing_event: BillingEvent | None = None
    destination_type: Destination | None = None
    attribution_spec: list[Object] | None = None
    dsa_beneficiary: Annotated[str | None, Field(max_length=512)] = None
    dsa_payor: Annotated[str | None, Field(max_length=512)] = None

    http, aliases = POST("/{adset_id}/copies"), {"ad_set_id": "adset_id", "id": "adset_id"}
    noun, entity, belongs_to, copied_id = "ad set", "ad_sets", "adset_id", "copied_adset_id"
    begins, ends = "start_time", "end_time"
    said = "duplicate clone copy of an ad set"
    parents = {"campaign_id": "campaigns"}
    parent_fields = (
        "objective", "daily_budget", "lifetime_budget", "bid_strategy", "name", "status",
        "special_ad_categories", "buying_type", "is_adset_budget_sharing_enabled", "promoted_object",
    )  # fmt: skip
    reads = (
        "name", "status", "account_id", "campaign_id", *MONEY_AND_TIME, *REBUILT, KIND,
        f"ads.limit({MOST_BELOW}){{id}}",
    )  # fmt: skip

    def ads(self) -> list[Mapping[str, Any]]:
        return below(self.whole, "ads") if self.deep_copy else []

    @property
    def owns(self) -> list[str]:
        """The budgets that the ad set to copy has of its own."""
        return [name for name in AMOUNTS if self.whole.get(name) not in (None, "", "0")]

    def anew(self) -> bool:
        """Whether a copy cannot be what is asked for, so that an ad set is made of what the other one has."""
        given = [name for name in AMOUNTS if getattr(self, name) is not None]
        other = bool(self.source and given and given != self.owns)
        return other or any(getattr(self, name) is not None for name in FIXED)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        into = call.campaign_id or call.whole.get("campaign_id")
        return call.model_copy(update={"campaign_id": into})

    def refused(self) -> Iterable[str]:
        yield from super().refused()
        if self.lifetime_budget and not self.end_time and not self.end():
            yield "end_time: it has a lifetime budget, so say when the copy ends"

    def end(self) -> Any:
        """When the copy ends, as far as that is known."""
        return self.end_time or (None if over(self.whole, "end_time") else self.whole.get("end_time"))

    def begin(self) -> Any:
        """When the copy begins, where that is not at once."""
        return self.start_time or (self.whole.get("start_time") if ahead(self.whole, "start_time") else None)

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign = parents.get("campaign_id")
        if campaign is None:
            return
        yield from put_away(campaign, "campaign_id")
        if self.anew():
            yield from self.as_new().problems(parents)
            return
        own = bool(self.daily_budget or self.lifetime_budget)
        yield from rules.budgets(campaign, own=own, strategy=self.bid_strategy)
        yield from self.misplaced(campaign)
        if later := self.later():
            from .ad_sets import UpdateAdSet  # which names this class among its actions

            change = build(UpdateAdSet, {"adset_id": self.adset_id, **later})
            why = change.obstacle({**self.whole, "status": "PAUSED", "campaign": campaign})
            yield from [why] if why else []

    def misplaced(self, campaign: Mapping[str, Any]) -> Iterable[str]:
        """Why a copy as it stands cannot be in this campaign."""
        source, objective = self.whole.get("campaign") or {}, campaign.get("objective")
        if objective and objective != source.get("objective", objective):
            yield f"campaign_id: its objective is {objective}, and the ad set's is {source['objective']}"
        audience = self.targeting or self.whole.get("targeting") or {}
        if self.targeting or self.campaign_id != self.whole.get("campaign_id"):
            yield from special_rules.targeting(categories_of(campaign), audience, tuned=False)

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        if self.anew() and "campaign_id" in parents:
            yield from self.as_new().cautions(parents)

    def as_new(self) -> Write:
        """The ad set as one that is created. Raises InvalidParams where it could not be."""
        from .ad_sets import CreateAdSet  # which names this class among its actions

        into = {"account_id": self.whole.get("account_id"), "campaign_id": self.campaign_id}
        return build(CreateAdSet, {**self.made_of(), **into, "name": self.new_name})

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if over(self.whole, "end_time") and not self.start_time:
            yield "it has ended: the copy begins at once, and runs as long as it did"
        with suppress(InvalidParams):  # what is copied as it stands may be older than today's rules
            told = self.as_new().warnings({}) if self.source else ()
            yield from (line for line in told if self.anew() or "dsa_" in line)

    def along(self) -> str:
        made = ", made anew because a copy cannot be changed like this" if self.anew() else ""
        return f" with {counted(len(self.ads()), 'ad')}{made}" if self.deep_copy and self.source else made

    def sets(self) -> dict[str, Any]:
        sent = self.sent()
        names = ("campaign_id", "targeting", "bid_strategy", *FIXED)
        given = {name: sent[name] for name in names if name in sent}
        times = {"start_time": self.begin(), "end_time": self.end()}
        return {**super().sets(), **given, **{name: time for name, time in times.items() if time}}

    def later(self) -> dict[str, Any]:
        if self.anew():
            return {}
        sent = self.sent()
        given: dict[str, Any] = {name: sent[name] for name in LATER if name in sent}
        return {**super().later(), **self.amounts_changed(), **given}

    def body(self, *, deep: bool) -> dict[str, Any]:
        into = {"campaign_id": self.campaign_id} if self.campaign_id else {}
        return {**super().body(deep=deep), **into}

    def made_of(self) -> dict[str, Any]:
        """What an ad set made anew is made of."""
        source, sent = self.whole, self.sent()
        kept = {
            name: value for name in REBUILT if (value := source.get(name)) not in (None, "", [], {}, False)
        }
        if self.optimization_goal:
            kept.pop("attribution_spec", None)
        if not self.owns or kept.get("destination_type") == "UNDEFINED":
            kept = {
                name: value for name, value in kept.items() if value != "UNDEFINED" and name != "bid_strategy"
            }
        if promoted := kept.get("promoted_object"):
            kept["promoted_object"] = {name: value for name, value in promoted.items() if name not in MADE_UP}
        times = {"start_time": self.begin(), "end_time": self.end()}
        given = {name: sent[name] for name in (*AMOUNTS, *REBUILT) if name in sent}
        return {**kept, **given, **{name: time for name, time in times.items() if time}}

    def top(self, *, deep: bool, status: str) -> Part:
        if not self.anew():
            return super().top(deep=deep, status=status)
        on = "ACTIVE" if self.turns_on and status != "PAUSED" else "PAUSED"
        body = {**self.made_of(), "name": self.new_name, "campaign_id": self.campaign_id, "status": on}
        path, left = (
            f"/act_{self.whole.get('account_id')}/adsets",
            Leaves("ad set", "id", "ad_sets", "adset_id"),
        )
        line = "makes an ad set of what the other one has"
        return Part(Request("POST", path, body=body, risk="write"), line, ("id",), leaves=left)

    def splits(self) -> bool:
        count = len(self.ads())
        return bool(count and (count > MOST_ADS or self.anew() or (self.turns_on and self.later())))

    def parts_below(self) -> Iterable[Part]:
        place = made_by(1, "id" if self.anew() else self.copied_id)
        options = {"status_option": self.status_option, "rename_options": self.renames_below}
        for ad in reversed(self.ads()):
            into = {**options, "adset_id": place}
            yield self.one_copy(f"/{ad['id']}/copies", into, DuplicateAd, f"copies ad {ad['id']} into it")


class DuplicateAd(Duplicate):
    """Copy an ad, PAUSED, also into another ad set or with another creative."""

    ad_id: Annotated[Id, Field(examples=["120210000000000004"])]
    adset_id: Annotated[ObjectId | None, Field(description="Another ad set, to copy it into.")] = None
    creative_parameters: Annotated[
        CreativeFields | None, Field(description="What is to be different in the copy's creative.")
    ] = None
    creative: Annotated[Creative | None, Field(description='{"creative_id": "…"}, another creative.')] = None

    http, aliases = POST("/{ad_id}/copies"), {"ad_set_id": "adset_id", "id": "ad_id"}
    noun, entity, belongs_to, copied_id = "ad", "ads", "ad_id", "copied_ad_id"
    said, prominent = "duplicate clone copy of an ad", PROMINENT
    parents = {"adset_id": "ad_sets"}
    parent_fields = ("name", "status", "effective_status", CAMPAIGN_BUDGET)
    reads = ("name", "status", "account_id", "adset_id", "creative{id}", *OF_AN_AD, KIND)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        return call.model_copy(update={"adset_id": call.adset_id or call.whole.get("adset_id")})

    def refused(self) -> Iterable[str]:
        yield from super().refused()
        if self.creative and self.creative_parameters:
            yield "creative_parameters: give it or creative, not both"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from put_away(parents.get("adset_id") or {}, "adset_id")

    def ads(self) -> list[Mapping[str, Any]]:
        return [] if self.creative else [self.whole]

    def along(self) -> str:
        return ", made anew with another creative" if self.creative else ""

    def sets(self) -> dict[str, Any]:
        return {**super().sets(), **({"adset_id": self.adset_id} if self.adset_id else {})}

    def body(self, *, deep: bool) -> dict[str, Any]:  # noqa: ARG002 - there is nothing below an ad
        given = {"adset_id": self.adset_id, "creative_parameters": self.creative_parameters}
        return {name: value for name, value in given.items() if value}

    def later(self) -> dict[str, Any]:
        return {} if self.creative else super().later()

    def top(self, *, deep: bool, status: str) -> Part:
        if not self.creative:
            return super().top(deep=deep, status=status)
        on = "ACTIVE" if self.turns_on and status != "PAUSED" else "PAUSED"
        kept = {name: value for name in OF_AN_AD if (value := self.whole.get(name))}
        body = {
            **kept,
            "name": self.new_name,
            "adset_id": self.adset_id,
            "creative": self.creative,
            "status": on,
        }
        path, left = f"/act_{self.whole.get('account_id')}/ads", Leaves("ad", "id", "ads", "ad_id")
        line = "makes an ad of what the other one has"
        return Part(Request("POST", path, body=body, risk="write"), line, ("id",), leaves=left)
