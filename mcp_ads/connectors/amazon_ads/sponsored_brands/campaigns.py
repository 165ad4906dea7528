"""Sponsored Brands campaigns: headline and video ads of a brand, with a daily or a lifetime budget."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer

from mcp_ads.connectors.amazon_ads.dialect import AUTHOR, SELLER
from mcp_ads.connectors.amazon_ads.filters import include, word, words
from mcp_ads.connectors.amazon_ads.record_names import BRAND_CAMPAIGN, OF_BRAND_CAMPAIGNS, SERVING
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import ended, started
from mcp_ads.connectors.amazon_ads.types import (
    NONE,
    AmazonRead,
    CampaignId,
    Json,
    Names,
    OneOrMore,
    State,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Account, Action, Context, Entity
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import InvalidParams

from . import brand_of, inside, rules
from .base import LEGACY, BrandArchive, BrandGet, BrandList, BrandWrite, CampaignIds, TenIds, dated, routes
from .campaign_fields import CampaignFields, Name

ROUTES = routes("campaigns", "sbcampaignresource")
LEAN = ("campaignId", "name", "state", SERVING, "budget", "budgetType", "startDate")
MORE = (
    *LEAN, "endDate", "portfolioId", "goal", "costType", "smartDefault", "bidding", "brandEntityId",
    "productLocation", "siteRestrictions", "tags", "isMultiAdGroupsEnabled", "ruleBasedBudget",
    "extendedData.servingStatusDetails",
)  # fmt: skip
NEVER = "it never changes: create another campaign and archive this one"
MOST_NAMED = 5


class CampaignRead(AmazonRead):
    """What reading campaigns takes: the budget also under the name of its kind."""

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        name, row = rules.KINDS.get(str(record.get("budgetType"))), dated(record)
        return {**row, name: record.get("budget")} if name else row

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        old = [str(row.get("campaignId")) for row in records if row.get("isMultiAdGroupsEnabled") is False]
        named = ", ".join(old[:MOST_NAMED]) + ("…" if old[MOST_NAMED:] else "")
        lacking = "reports have no row of it, and it takes no further ad group"
        return {"warnings": [f"campaign {named}: {LEGACY}: {lacking}"]} if old else {}


class ListCampaigns(CampaignRead, BrandList):
    """List Sponsored Brands campaigns; `budgetType` says whether `budget` is for a day or the whole run."""

    campaign_id: CampaignIds = None
    portfolio_id: Annotated[TenIds | None, Field(alias="portfolioIdFilter", description="At most ten.")] = (
        None
    )
    name: Names = None
    goal: Annotated[
        list[str] | None,
        BeforeValidator(words),
        PlainSerializer(include),
        Field(alias="goalTypeFilter", min_length=1, description="Such as PAGE_VISIT."),
    ] = None

    http, records, total = ROUTES.list, "campaigns", "totalCount"
    lean, known, alike = LEAN, BRAND_CAMPAIGN, OF_BRAND_CAMPAIGNS
    said = "headline search ads, brand video"

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Also which goals are none that Amazon has words for, where no campaign has such a one."""
        strange = [one for one in self.goal or () if one not in rules.GOALS]
        if records or not strange:
            return super().told(records)
        known = ", ".join(rules.GOALS)
        return {"warnings": [f"goal: {cut(one)!r} is none that Amazon documents: {known}" for one in strange]}


class GetCampaign(CampaignRead, BrandGet):
    """Read one Sponsored Brands campaign, or several with a list of ids."""

    campaign_id: Annotated[OneOrMore, Field(alias="campaignIdFilter", examples=["191000000000001"])]

    http, records, lean, subject = ROUTES.list, "campaigns", MORE, "campaign_id"
    known, alike = BRAND_CAMPAIGN, OF_BRAND_CAMPAIGNS


class CreateCampaign(CampaignFields):
    """Create a Sponsored Brands campaign. It starts PAUSED, and today unless start_date says otherwise.

    Then come ad groups, ads, and keywords, targets or themes: without one of each nothing is shown.
    """

    sample = {"daily_budget": "50 USD"}

    name: Name
    brand_entity_id: Annotated[
        str | None,
        Field(min_length=1, description="Sellers need one: brands.list; may be left out where there is one."),
    ] = None
    goal: Annotated[
        Literal["PAGE_VISIT", "BRAND_IMPRESSION_SHARE"] | None,
        BeforeValidator(word),
        Field(description="Only with cost_type: PAGE_VISIT by CPC, BRAND_IMPRESSION_SHARE by VCPM."),
    ] = None
    cost_type: Annotated[Literal["CPC", "VCPM"] | None, BeforeValidator(upper)] = None
    smart_default: Annotated[
        list[Literal["MANUAL", "TARGETING"]] | None,
        BeforeValidator(words),
        Field(
            min_length=1,
            max_length=1,
            description="TARGETING: Amazon adds theme targets to each new ad group; it is so with a goal "
            "unless this is MANUAL.",
        ),
    ] = None
    site_restrictions: Annotated[
        list[Literal["AMAZON_BUSINESS"]] | None,
        BeforeValidator(words),
        Field(min_length=1, max_length=1, description="Shown there only."),
    ] = None
    product_location: Annotated[
        Literal["SOLD_ON_AMAZON", "NOT_SOLD_ON_AMAZON"] | None, BeforeValidator(word)
    ] = None
    state: State = "PAUSED"

    http, does, new_id_at, found_by = ROUTES.create, "makes", "campaignId", ("name",)

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return {**super().beside(account, live), **brand_of.reads(account)}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call, kind = super().settled(context, live), context.account.kind if context.account else ""
        if kind == AUTHOR and self.goal:
            raise InvalidParams("goal: authors' campaigns have none; leave it and cost_type out")
        brand = (
            brand_of.settled(self.brand_entity_id, live or {})
            if kind == SELLER and live is not None
            else None
        )
        return call.model_copy(update={"brand_entity_id": brand}) if brand else call

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        brand = brand_of.said(self.brand_entity_id, live)
        return {**super().in_words(live), **({"brandEntityId": brand} if brand else {})}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.goal and not self.smart_default:
            yield f"with a goal {rules.THEMES}; smart_default MANUAL keeps it from that"

    def unfit(self) -> Iterable[str]:
        yield from super().unfit()
        yield from rules.goal(self.goal, self.cost_type)
        if not (self.daily_budget or self.lifetime_budget):
            yield 'daily_budget: missing; a campaign needs it, such as "50 USD", or lifetime_budget'
        for name in ("daily_budget", "lifetime_budget"):
            if (amount := getattr(self, name)) and amount.relative:
                yield f"{name}: a new campaign has no budget to change; write an amount"
        if self.lifetime_budget and (not self.end_date or self.end_date == NONE):
            yield "end_date: missing; lifetime_budget needs start_date and end_date"
        if self.end_date and self.end_date != NONE and not self.start_date:
            yield "start_date: missing; end_date needs it beside it"
        if self.site_restrictions and (self.bidding or {}).get(rules.COHORTS):
            yield f"bidding.{rules.COHORTS}: not with site_restrictions"


class OneCampaign(BrandWrite):
    """What changing a campaign takes."""

    campaign_id: Annotated[CampaignId, Field(examples=["191000000000001"])]

    http, key, subject = ROUTES.update, "campaigns", "campaign_id"
    watch = ("name", "state", *rules.KINDS.values(), "startDate", "endDate")
    begins, ends, ruled_at = "startDate", "endDate", "ruleBasedBudget"

    def overdue(self, live: Mapping[str, Any], today: date) -> str:
        return ended(live, self.sets(), today) or started(live, self.sets(), today)

    def asides(self, account: str) -> Mapping[str, Action]:
        """Where it is switched on: whether anything in it is."""
        wanted = inside.NEEDED_IN_CAMPAIGN if self.delivers() else ()
        return inside.reads(wanted, account, campaign_id=self.campaign_id)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.idle(live) if self.delivers() else ()


class UpdateCampaign(OneCampaign, CampaignFields):
    """Change a campaign's name, state, budget, dates, portfolio or bidding."""

    sample = {"daily_budget": "50 USD"}
    retired = {
        **CampaignFields.retired,
        **dict.fromkeys(
            (
                "goal",
                "cost_type",
                "smart_default",
                "brand_entity_id",
                "site_restrictions",
                "product_location",
            ),
            NEVER,
        ),
    }

    state: State | None = None


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: everything under them stops delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Enable campaigns: enabled ad groups, ads and targets under them start spending."""


class DeleteCampaign(BrandArchive, OneCampaign):
    """Archive campaigns for good, with all in them: ad groups, ads, targets, negatives."""

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


LACKS = {
    "budget_usage": 'api.post reads it: path="/sb/campaigns/budget/usage", body={"campaignIds": ["…"]}',
    "budget_recommendations": 'api.post reads them: path="/sb/campaigns/budgetRecommendations", '
    'body={"campaignIds": ["…"]}',
    "migrate": "api.post moves a campaign of before to ad groups, where MCP_ADS_RAW_WRITES=1 lets it write: "
    'path="/sb/v4/legacyCampaigns/migrationJob"',
}
sponsored_brands_campaigns = Entity(
    noun="campaign",
    lacks=LACKS,
    list=ListCampaigns,
    get=GetCampaign,
    create=CreateCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
    delete=DeleteCampaign,
)
