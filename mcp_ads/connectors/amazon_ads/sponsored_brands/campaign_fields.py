"""What creating and updating a Sponsored Brands campaign share: one budget of two kinds, days, bidding."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads import campaign_names
from mcp_ads.connectors.amazon_ads.dialect import SELLER
from mcp_ads.connectors.amazon_ads.sponsored_products import campaign_rules, portfolio_moves
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import trimmed
from mcp_ads.connectors.amazon_ads.types import SHORT, Day, DayOrNone, Json, Tags, none_said
from mcp_ads.connectors.amazon_ads.writes import out_of_order, refuse_past
from mcp_ads.core import Action, Amount, Context, Spend
from mcp_ads.errors import InvalidParams

from . import rules
from .base import BrandWrite

Name = Annotated[
    str, AfterValidator(trimmed), Field(min_length=1, max_length=128, examples=["Tern & Tide - brand"])
]
Daily = Annotated[
    Amount | None, Spend("day", "major"), Field(description='"50 USD", "+20%" of what it is, or 50.')
]
Lifetime = Annotated[
    Amount | None,
    Spend("lifetime", "major"),
    Field(description='"900 USD" for the whole run, which needs both days; instead of daily_budget.'),
]
Bidding = Annotated[
    Json | None,
    BeforeValidator(campaign_rules.bidding_as_sent),
    Field(
        description='{"bidOptimization": true} lets Amazon adjust bids by placement; {"bidOptimization": '
        'false, "bidAdjustmentsByPlacement": [{"placement": "HOME", "percentage": -20}]} with -99 to 900, '
        "for HOME, DETAIL_PAGE, OTHER, TOP_OF_SEARCH, at most three, or all four as read; replaced whole."
    ),
]


class CampaignFields(campaign_names.Named, BrandWrite):
    """What creating and updating share."""

    name: Name | None = None
    daily_budget: Daily = None
    lifetime_budget: Lifetime = None
    start_date: Day = None
    end_date: DayOrNone = None
    portfolio_id: Annotated[
        str | None,
        Field(pattern=r"^([0-9]+|@[0-9]+\.id|none)$", description='"none" takes it out.'),
        BeforeValidator(none_said),
    ] = None
    bidding: Bidding = None
    tags: Tags = None

    key, cleared = "campaigns", ("endDate", "portfolioId")
    begins, ends = "startDate", "endDate"
    aliases = {**SHORT, "budget": "daily_budget"}
    retired = {"budget_type": "give daily_budget or lifetime_budget: that says the kind"}

    def to_body(self) -> Mapping[str, Any]:
        """The one budget there is; a new campaign also says of which kind it is."""
        item = self.item()
        for kind, name in rules.KINDS.items():
            if name in item:
                new = {"budgetType": kind} if self.does == "makes" else {}
                item |= {"budget": item.pop(name), **new}
        return {self.key: [item]}

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        before = str(live.get("portfolioId") or "")
        return {
            **super().beside(account, live),
            **portfolio_moves.reads(account, before, self.portfolio_id),
            **campaign_names.called(account, self.name if self.name != live.get("name") else None),
        }

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return (
            super().obstacle(live) or portfolio_moves.obstacle(live) or rules.other_budget(self.sets(), live)
        )

    def unpriced(self, live: Mapping[str, Any]) -> str:
        return portfolio_moves.unpriced(live) or super().unpriced(live)

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        return portfolio_moves.in_words(live, self.portfolio_id, new=self.does == "makes")

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        refuse_past(self, context, "start_date", "end_date")
        kind, own = context.account.kind if context.account else "", str((live or {}).get("campaignId"))
        if kind == SELLER and (taken := list(campaign_names.namesakes(live or {}, own))):
            raise InvalidParams("\n".join(taken))
        return super().settled(context, live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from campaign_rules.symbols(self.name)
        yield from rules.raised_bids(self.bidding or {})
        yield from campaign_rules.sooner(live, self.start_date)
        yield from portfolio_moves.warnings(live)
        yield from campaign_names.namesakes(live, str(live.get("campaignId")))

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if mistakes := list(self.unfit()):
            raise ValueError("\n".join(mistakes))
        return self

    def unfit(self) -> Iterable[str]:
        """What is wrong with the parameters together."""
        for name in ("daily_budget", "lifetime_budget"):
            amount = getattr(self, name)
            if amount is not None and not amount.relative and not amount.number:
                yield f"{name}: above 0; pause the campaign to spend nothing"
        if self.daily_budget and self.lifetime_budget:
            yield "lifetime_budget: not with daily_budget; a campaign has one of the two"
        yield from rules.bidding(self.bidding) if self.bidding is not None else ()
        yield from out_of_order(self.start_date, self.end_date)
