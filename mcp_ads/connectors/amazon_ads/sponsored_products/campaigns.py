"""Sponsored Products campaigns: a daily budget and how it targets; ad groups belong to one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads import campaign_names
from mcp_ads.connectors.amazon_ads.dialect import SELLER
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import CAMPAIGN as KNOWN
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, OF_CAMPAIGNS, SERVING
from mcp_ads.connectors.amazon_ads.types import (
    CampaignId,
    CampaignIds,
    DailyBudget,
    Day,
    DayOrNone,
    Json,
    Names,
    NewDailyBudget,
    OneOrMore,
    PortfolioIds,
    State,
    Tags,
    none_said,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause, out_of_order, refuse_past
from mcp_ads.core import Action, Context, Entity
from mcp_ads.errors import InvalidParams

from . import campaign_rules, inside, portfolio_moves, rules
from .base import SpArchive, SpWrite, routes
from .budgets import BudgetRecommendations, BudgetUsage

ROUTES = routes("campaigns", "spCampaign")
LEAN = ("campaignId", "name", "state", SERVING, "targetingType", "budget.budget", "startDate")
MORE = (
    *LEAN,
    "budget.effectiveBudget",
    "endDate",
    "portfolioId",
    "dynamicBidding",
    "siteRestrictions",
    "tags",
    *DETAILS,
)
Name = Annotated[
    str,
    AfterValidator(rules.trimmed),
    Field(min_length=1, max_length=128, examples=["Shoes - exact"], description="Vendors: 116 characters."),
]
Site = Annotated[Literal["AMAZON_BUSINESS", "AMAZON_HAUL"], BeforeValidator(upper)]
BIDS = {inside.AD_GROUPS: inside.AdGroups}
Targeting = Annotated[
    Literal["AUTO", "MANUAL"],
    BeforeValidator(upper),
    Field(
        examples=["MANUAL"], description="AUTO: Amazon picks searches; MANUAL: keywords or product targets."
    ),
]
Bidding = Annotated[
    Json | None,
    BeforeValidator(campaign_rules.bidding_as_sent),
    Field(
        description='{"strategy": "LEGACY_FOR_SALES", "placementBidding": [{"placement": "PLACEMENT_TOP", '
        '"percentage": 50}]}; LEGACY_FOR_SALES lowers bids, AUTO_FOR_SALES raises them too, MANUAL is fixed.'
    ),
]


class ListCampaigns(SpList):
    """List Sponsored Products campaigns."""

    campaign_id: CampaignIds = None
    portfolio_id: PortfolioIds = None
    name: Names = None

    http, records, lean = ROUTES.list, "campaigns", LEAN
    known, alike = KNOWN, OF_CAMPAIGNS


class GetCampaign(SpGet):
    """Read one Sponsored Products campaign, or several with a list of ids."""

    campaign_id: Annotated[OneOrMore, Field(alias="campaignIdFilter", examples=["120000000000001"])]

    http, records, lean, subject = ROUTES.list, "campaigns", MORE, "campaign_id"
    known, alike = KNOWN, OF_CAMPAIGNS


def _called(live: Mapping[str, Any]) -> Iterable[str]:
    return campaign_names.namesakes(live, str(live.get("campaignId")))


class CampaignFields(campaign_names.Named, SpWrite):
    """What creating and updating share."""

    name: Name | None = None
    daily_budget: DailyBudget = None
    start_date: Day = None
    end_date: DayOrNone = None
    portfolio_id: Annotated[
        str | None,
        Field(pattern=r"^([0-9]+|@[0-9]+\.id|none)$", description='"none" takes it out.'),
        BeforeValidator(none_said),
    ] = None
    dynamic_bidding: Bidding = None
    site_restrictions: Annotated[
        list[Site] | None, BeforeValidator(listed), Field(max_length=1, description="Shown there only.")
    ] = None
    tags: Tags = None
    off_amazon_settings: Annotated[
        Json | None, Field(description='{"offAmazonBudgetControlStrategy": "MINIMIZE_SPEND"}')
    ] = None

    key, cleared = "campaigns", ("endDate", "portfolioId")
    begins, ends = "startDate", "endDate"

    def item(self) -> Json:
        item = super().item()
        if "budget" in item:
            item["budget"] = {"budget": item["budget"], "budgetType": "DAILY"}
        return item

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        before = str(live.get("portfolioId") or "")
        return {
            **super().beside(account, live),
            **portfolio_moves.reads(account, before, self.portfolio_id),
            **campaign_names.called(account, self.name if self.name != live.get("name") else None),
        }

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or portfolio_moves.obstacle(live)

    def unpriced(self, live: Mapping[str, Any]) -> str:
        return portfolio_moves.unpriced(live) or super().unpriced(live)

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        return portfolio_moves.in_words(live, self.portfolio_id, new=self.does == "makes")

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        refuse_past(self, context, "start_date", "end_date")
        kind = context.account.kind if context.account else ""
        mistakes = [*campaign_rules.name(self.name, kind), *(_called(live or {}) if kind == SELLER else ())]
        if mistakes:
            raise InvalidParams("\n".join(mistakes))
        return super().settled(context, live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from campaign_rules.symbols(self.name)
        yield from campaign_rules.raised_bids(self.dynamic_bidding or {})
        yield from campaign_rules.sooner(live, self.start_date)
        yield from portfolio_moves.warnings(live)
        yield from _called(live)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        mistakes = [
            *campaign_rules.bidding(self.dynamic_bidding),
            *campaign_rules.off_amazon(self.off_amazon_settings),
            *campaign_rules.above_nothing(self.daily_budget),
            *out_of_order(self.start_date, self.end_date),
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self


class CreateCampaign(CampaignFields):
    """Create a Sponsored Products campaign. It starts PAUSED, and today unless start_date says otherwise.

    Then come ad groups, product ads, and keywords or targets where it is MANUAL.
    """

    name: Name
    targeting_type: Targeting
    daily_budget: NewDailyBudget
    state: State = "PAUSED"

    http, does, new_id_at, found_by, lifts = ROUTES.create, "makes", "campaignId", ("name",), ("", "")


class OneCampaign(SpWrite):
    """What changing a campaign takes."""

    campaign_id: CampaignId

    http, key, subject = ROUTES.update, "campaigns", "campaign_id"
    watch = ("name", "state", "budget", "startDate", "endDate")
    begins, ends = "startDate", "endDate"

    def overdue(self, live: Mapping[str, Any], today: date) -> str:
        return rules.ended(live, self.sets(), today) or rules.started(live, self.sets(), today)

    def asides(self, account: str) -> Mapping[str, Action]:
        """Where it is switched on: whether anything in it is."""
        wanted = inside.NEEDED_IN_CAMPAIGN if self.delivers() else {}
        return inside.reads(wanted, account, campaign_id=self.campaign_id)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.idle(live) if self.delivers() else ()


class UpdateCampaign(OneCampaign, CampaignFields):
    """Change a campaign's name, state, daily budget, dates, portfolio or bidding."""

    said = "put campaigns into a portfolio, move a campaign to another portfolio, take it out of a portfolio"
    sample = {"daily_budget": "50 USD"}
    retired = {"targeting_type": "it never changes: create another campaign and archive this one"}

    state: State | None = None

    def asides(self, account: str) -> Mapping[str, Action]:
        """A budget so small that a default bid may be above it is held against these."""
        read = super().asides(account)
        if campaign_rules.is_small(self.daily_budget):
            read = {**read, **inside.reads(BIDS, account, campaign_id=self.campaign_id)}
        return read

    def obstacle(self, live: Mapping[str, Any]) -> str:
        found = live.get(inside.AD_GROUPS) or ()
        return super().obstacle(live) or campaign_rules.below_bids(self.daily_budget, found)


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: everything under them stops delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Enable campaigns: enabled ad groups, ads and keywords under them start spending."""


class DeleteCampaign(SpArchive, OneCampaign):
    """Archive campaigns for good, with all in them: ad groups, ads, keywords, targets, negatives."""

    http = ROUTES.archive

    def overdue(self, live: Mapping[str, Any], today: date) -> str:  # noqa: ARG002 - ended ones are archived too
        return ""

    def asides(self, account: str) -> Mapping[str, Action]:
        return inside.reads(inside.IN_CAMPAIGN, account, campaign_id=self.campaign_id)

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return inside.lost(live, inside.IN_CAMPAIGN)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.said(live, inside.IN_CAMPAIGN)


sponsored_product_campaigns = Entity(
    noun="campaign",
    list=ListCampaigns,
    get=GetCampaign,
    create=CreateCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
    delete=DeleteCampaign,
    budget_usage=BudgetUsage,
    budget_recommendations=BudgetRecommendations,
)
