"""What a new ad set needs: what is refused under its campaign, and what Facebook may refuse."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import AdAccountId, Object, ObjectId
from mcp_ads.core import dig

from . import objective_rules, promoted_rules, rules, special_rules
from .ad_set_fields import AdSetFields
from .base import Name, NewStatus
from .choices import BillingEvent, Destination, Goal


class NewAdSet(AdSetFields):
    """The parameters of a new ad set, and the rules they keep together."""

    account_id: AdAccountId
    campaign_id: ObjectId
    name: Name
    optimization_goal: Annotated[Goal, Field(examples=["LINK_CLICKS"])]
    billing_event: BillingEvent = "IMPRESSIONS"
    targeting: Annotated[
        Object,
        Field(
            examples=[
                {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
            ],
            description="Facebook's targeting object; needs a location.",
        ),
    ]
    status: NewStatus = "PAUSED"
    destination_type: Annotated[
        Destination | None, Field(description="Where a click leads, such as WEBSITE, ON_AD, WHATSAPP.")
    ] = None
    is_dynamic_creative: bool | None = None
    attribution_count_type: Literal["ALL_CONVERSIONS", "FIRST_CONVERSION"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        floor = (self.bid_constraints or {}).get("roas_average_floor")
        bid, goal, kinds = self.bid_amount is not None, self.optimization_goal, self.pacing_type or []
        mistakes = [
            *rules.billing(self.billing_event, goal),
            *rules.bidding(self.bid_strategy, bid=bid, floor=floor, goal=goal),
            *rules.pacing(self.bid_strategy, self.billing_event, kinds),
            *rules.dayparting(kinds, self.adset_schedule or (), daily=bool(self.daily_budget)),
            *rules.frequency(self.frequency_control_specs or (), goal),
        ]
        if self.lifetime_budget and not self.end_time:
            mistakes.append("end_time: lifetime_budget needs it")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign = parents["campaign_id"]
        own = bool(self.daily_budget or self.lifetime_budget)
        yield from rules.budgets(campaign, own=own, strategy=self.bid_strategy)
        yield from rules.bids_under(campaign, strategy=self.bid_strategy, bid=self.bid_amount is not None)
        if str(campaign.get("lifetime_budget") or "0") != "0" and not self.end_time:
            yield "end_time: the campaign has a lifetime_budget, so its ad sets need it"
        goal, destination = self.optimization_goal, self.destination_type or ""
        objective, categories = str(campaign.get("objective", "")), categories_of(campaign)
        if buying := str(campaign.get("buying_type") or ""):
            yield from rules.billing(self.billing_event, goal, buying)
        yield from objective_rules.mistakes(objective, goal, destination, categories)
        yield from promoted_rules.promoted_object(goal, objective, self.promoted_object or {}, destination)
        yield from special_rules.targeting(categories, self.targeting, tuned=bool(self.tune_for_category))

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign, promoted = parents["campaign_id"], self.promoted_object or {}
        objective, destination = str(campaign.get("objective", "")), self.destination_type or ""
        catalog = bool(dig(campaign, "promoted_object.product_catalog_id"))
        certified = bool(self.is_sac_cfca_terms_certified)
        yield from objective_rules.doubts(
            objective, self.optimization_goal, destination, promoted, catalog=catalog
        )
        yield from special_rules.doubts(categories_of(campaign), self.targeting, certified=certified)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from promoted_rules.promoted_object_warnings(self.optimization_goal, self.promoted_object or {})
        yield from rules.attribution_doubts(self.attribution_spec or (), self.optimization_goal)
        daily, bid = self.sets().get("daily_budget"), self.sets().get("bid_amount")
        yield from rules.room_for_bids(daily, bid, self.billing_event)


def categories_of(campaign: Mapping[str, Any] | None) -> list[str]:
    """The special ad categories of a campaign's record."""
    found = (campaign or {}).get("special_ad_categories")
    return found if isinstance(found, list) else []
