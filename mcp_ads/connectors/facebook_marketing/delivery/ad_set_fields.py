"""What an ad set has that creating and changing it both take."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import Object, Time
from mcp_ads.core import Context
from mcp_ads.core.runs import NO_END
from mcp_ads.errors import InvalidParams

from . import rules, special_rules, targeting_rules
from .base import (
    RUSHED,
    Bid,
    DailyBudget,
    DailyCap,
    DailyFloor,
    DeliveryChecked,
    EndTime,
    LifetimeBudget,
    LifetimeFloor,
    Name,
    SpendCap,
)
from .choices import BidStrategy, Category, Regulated


class AdSetFields(DeliveryChecked):
    """What creating and updating share."""

    name: Name | None = None
    daily_budget: DailyBudget = None
    lifetime_budget: LifetimeBudget = None
    bid_strategy: BidStrategy | None = None
    bid_amount: Bid = None
    bid_constraints: Annotated[
        Object | None, Field(description='{"roas_average_floor": 15000} is a return of 1.5.')
    ] = None
    targeting: Annotated[Object | None, Field(description="Facebook's targeting object.")] = None
    start_time: Time = None
    end_time: EndTime = None
    attribution_spec: list[Object] | None = None
    adset_schedule: list[Object] | None = None
    pacing_type: list[str] | None = None
    dsa_beneficiary: Annotated[str | None, Field(max_length=512, description="For ads shown in the EU.")] = (
        None
    )
    dsa_payor: Annotated[str | None, Field(max_length=512, description="For ads shown in the EU.")] = None
    daily_spend_cap: DailyCap = None
    lifetime_spend_cap: SpendCap = None
    daily_min_spend_target: DailyFloor = None
    lifetime_min_spend_target: LifetimeFloor = None
    frequency_control_specs: list[Object] | None = None
    adlabels: list[Object] | None = None
    promoted_object: Annotated[
        Object | None, Field(description='Such as {"pixel_id": "…", "custom_event_type": "PURCHASE"}.')
    ] = None
    regional_regulated_categories: Annotated[
        Regulated | None, Field(description="Such as TAIWAN_UNIVERSAL, where a country demands it.")
    ] = None
    regional_regulation_identities: Object | None = None
    tune_for_category: Annotated[
        Category | None, Field(description="Facebook widens the audience to what this category allows.")
    ] = None
    is_sac_cfca_terms_certified: Annotated[
        bool | None, Field(description="Needed for customer lists under special ad categories.")
    ] = None
    placement_soft_opt_out: Annotated[
        Object | None, Field(description="Placements that get at most 5% of the spend.")
    ] = None
    is_incremental_attribution_enabled: bool | None = None
    value_rule_set_id: str | None = None
    value_rules_applied: bool | None = None

    aliases = {"ad_set_id": "adset_id"}
    begins, ends, cleared = "start_time", "end_time", ("end_time",)
    rushed = RUSHED

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        zone = context.account.timezone if context.account else "UTC"
        start = self.start_time or (live or {}).get("start_time")
        stays = not self.lifetime_budget and str((live or {}).get("daily_budget") or "0") != "0"
        daily = bool(self.daily_budget) or stays
        mistakes = list(rules.schedule(start, self.end_time, zone, daily=daily))
        call = super().settled(context, live)
        mistakes += rules.under_spent(call.sets().get("lifetime_budget"), live or {})
        if mistakes:
            raise InvalidParams("\n".join(mistakes))
        return call

    def to_body(self) -> Mapping[str, Any]:
        """Graph takes an end away by 0."""
        return {name: 0 if self._clears(name, value) else value for name, value in self.sent().items()}

    def sets(self) -> dict[str, Any]:
        return {name: None if self._clears(name, value) else value for name, value in self.sent().items()}

    def _clears(self, name: str, value: Any) -> bool:
        return name in self.cleared and value in NO_END

    @model_validator(mode="after")
    def _one_budget(self) -> Self:
        if self.daily_budget and self.lifetime_budget:
            raise ValueError("daily_budget and lifetime_budget: give one of them")
        given, replaces = self.targeting, bool(self.subject)
        mistakes = list(targeting_rules.targeting(given, replaces=replaces) if given is not None else ())
        mistakes += rules.attribution(self.attribution_spec or ())
        mistakes += special_rules.regional(
            self.regional_regulated_categories, self.regional_regulation_identities
        )
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.targeting is not None:
            payor = self.dsa_payor or live.get("dsa_payor")
            beneficiary = self.dsa_beneficiary or live.get("dsa_beneficiary")
            yield from targeting_rules.doubts(self.targeting)
            yield from special_rules.payers(self.targeting, payor=payor, beneficiary=beneficiary)
            yield from special_rules.regional_doubts(self.targeting, self.regional_regulated_categories)
