"""Sponsored Display campaigns: shown on product pages and on other sites."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads import campaign_names
from mcp_ads.connectors.amazon_ads.dialect import SELLER
from mcp_ads.connectors.amazon_ads.record_names import DISPLAY_CAMPAIGN, OF_DISPLAY_CAMPAIGNS
from mcp_ads.connectors.amazon_ads.sponsored_products import campaign_rules, portfolio_moves
from mcp_ads.connectors.amazon_ads.sponsored_products import rules as of_products
from mcp_ads.connectors.amazon_ads.types import (
    DailyBudget,
    Day,
    DayOrNone,
    Json,
    NewDailyBudget,
    ObjectId,
    SomeIds,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause, out_of_order, refuse_past
from mcp_ads.core import DELETE, GET, POST, PUT, Action, Column, Context, Entity
from mcp_ads.errors import InvalidParams

from . import inside, rules
from .base import CampaignIds, DisplayGet, DisplayList, DisplayRead, DisplayWrite, IdList, WholeName

PATH = "/sd/campaigns"
LEAN = ("campaignId", "name", "state", "servingStatus", "tactic", "budget", "startDate")
MORE = (*LEAN, "endDate", "costType", "budgetType", "portfolioId", "creationDate", "lastUpdatedDate")
FIXED = dict.fromkeys(("tactic", "cost_type"), "it never changes: create another campaign, archive this one")
Name = Annotated[
    str,
    AfterValidator(of_products.trimmed),
    Field(
        min_length=1,
        max_length=128,
        examples=["Totes, beside products"],
        description="Shared with Sponsored Products and Brands: no two live campaigns have one name.",
    ),
]


def _called(live: Mapping[str, Any]) -> Iterable[str]:
    return campaign_names.namesakes(live, str(live.get("campaignId")))


class CampaignRead(DisplayRead):
    """What reading campaigns takes."""

    http = GET(PATH)
    known, alike = DISPLAY_CAMPAIGN, OF_DISPLAY_CAMPAIGNS

    def kinds(self) -> Mapping[str, Column]:
        return {"tactic": rules.TACTIC}


class ListCampaigns(CampaignRead, DisplayList):
    """List Sponsored Display campaigns."""

    campaign_id: CampaignIds = None
    portfolio_id: Annotated[IdList | None, Field(alias="portfolioIdFilter")] = None
    name: WholeName = None

    lean, said = LEAN, "display ads, product display ads, display advertising"


class GetCampaign(CampaignRead, DisplayGet):
    """Read one Sponsored Display campaign, or several with a list of ids."""

    campaign_id: Annotated[SomeIds, Field(alias="campaignIdFilter", examples=["180000000000001"])]

    subject, lean = "campaign_id", MORE


class CampaignFields(campaign_names.Named, DisplayWrite):
    """What creating and updating share."""

    name: Name | None = None
    daily_budget: DailyBudget = None
    start_date: Day = None
    end_date: DayOrNone = None

    cleared, begins, ends = ("endDate",), "startDate", "endDate"

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        name = self.name if self.name != live.get("name") else None
        return {**super().beside(account, live), **campaign_names.called(account, name)}

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
        yield from _called(live)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        days = out_of_order(self.start_date, self.end_date)
        if mistakes := [*campaign_rules.above_nothing(self.daily_budget), *days]:
            raise ValueError("\n".join(mistakes))
        return self


class CreateCampaign(CampaignFields):
    """Create a Sponsored Display campaign. It starts PAUSED, and today unless start_date says otherwise.

    Then come ad groups, product ads and targets: without one of each nothing is shown.
    """

    name: Name
    tactic: Annotated[
        Literal["T00020", "T00030"],
        BeforeValidator(rules.tactic),
        Field(
            examples=["T00020"],
            description="contextual (T00020): by product, category; audiences (T00030): people too. It never "
            "changes.",
        ),
    ]
    daily_budget: NewDailyBudget
    cost_type: Annotated[
        Literal["cpc", "vcpm"],
        BeforeValidator(rules.lower),
        Field(description="cpc pays for clicks, vcpm for a thousand viewed impressions. It never changes."),
    ] = "cpc"
    portfolio_id: ObjectId | None = None
    state: State = "PAUSED"

    http, does, new_id_at, found_by = POST(PATH), "makes", "campaignId", ("name",)

    def item(self) -> Json:
        return {**super().item(), "budgetType": "daily"}

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return {**super().beside(account, live), **portfolio_moves.reads(account, "", self.portfolio_id)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or portfolio_moves.obstacle(live)

    def unpriced(self, live: Mapping[str, Any]) -> str:
        return portfolio_moves.unpriced(live) or super().unpriced(live)

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        portfolio = portfolio_moves.in_words(live, self.portfolio_id, new=True)
        return {"tactic": [f"tactic {self.tactic}, {rules.TACTICS[self.tactic]}"], **portfolio}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """It has to say when it begins: today in the profile's zone."""
        begun = self if self.start_date else self.model_copy(update={"start_date": str(context.today)})
        if mistakes := [*out_of_order(begun.start_date, begun.end_date)]:
            raise InvalidParams(mistakes[0])
        return super(CreateCampaign, begun).settled(context, live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from portfolio_moves.warnings(live)


class OneCampaign(inside.Holding):
    """What changing a campaign takes."""

    campaign_id: Annotated[ObjectId, Field(examples=["180000000000001"])]

    http, subject, holds = PUT(PATH), "campaign_id", inside.IN_CAMPAIGN
    watch = ("name", "state", "budget", "startDate", "endDate")
    begins, ends, ruled_at = "startDate", "endDate", "ruleBasedBudget"


class UpdateCampaign(CampaignFields, OneCampaign):
    """Change a campaign's name, state, budget or dates."""

    sample = {"daily_budget": "50 USD"}
    retired = {
        **FIXED,
        "portfolio_id": "Amazon does not list it among what changes: give it when the campaign is created",
    }

    state: State | None = None

    def obstacle(self, live: Mapping[str, Any]) -> str:
        days = (self.start_date or live.get("startDate"), self.end_date or live.get("endDate"))
        touched = self.start_date or self.end_date
        return super().obstacle(live) or next(iter(out_of_order(*days) if touched else ()), "")


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: everything under them stops delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Enable campaigns: what is enabled under them starts spending."""


class DeleteCampaign(inside.ArchiveWhole, OneCampaign):
    """Archive campaigns and all in them: ad groups, ads, targets. Nothing undoes it."""

    http = DELETE(f"{PATH}/{{campaign_id}}")


sponsored_display_campaigns = Entity(
    noun="campaign",
    list=ListCampaigns,
    get=GetCampaign,
    create=CreateCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
    delete=DeleteCampaign,
)
