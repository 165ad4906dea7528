"""Search terms: those that sell and have no keyword of their own, those that cost more than they may."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.core import ID, Column, Entity, Result, Span
from mcp_ads.core import bid_to as targets
from mcp_ads.core.columns import COUNT, MONEY
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.errors import InvalidParams

from .listed import Listed, Row

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

    from .judging import Candidate
    from .terms import TermsOf
    from .terms_asked import Judge

WHOSE = ("campaign", "campaign_name", "ad_group", "ad_group_name")
DID = ("clicks", "spend", "orders", "sales", "acos", "cpc")
TARGET = '{"acos": "30 %"}, {"roas": 4} or {"cost_per_conversion": "20 USD"}'
NO_TARGET = "accounts without a target: {}; what sells there counts whatever it cost, and bids are its cpc"
MOST_CERTAIN = 100
BY_CHANCE = "certainty {}: of terms that are worth their clicks {:.0%} have no order by then"
MAY_COME = "orders may still come of clicks since {}"
APART = "propose: not beside group_by, whose rows are no terms"


def _target(value: Any) -> Any:
    """A target as it was written. Raises ValueError for one that says nothing."""
    try:
        targets.read(value, "target")
    except InvalidParams as wrong:
        said = (line.removeprefix("target").lstrip(":. ") for line in wrong.lines)
        raise ValueError("; ".join(said)) from None
    return dict(value)


def _certainty(value: Any) -> str:
    """A factor as text. Raises ValueError."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal()
    if isinstance(value, bool) or not number.is_finite() or not 0 < number <= MOST_CERTAIN:
        raise ValueError(f"write a factor above 0 and at most {MOST_CERTAIN}, such as 1.5")
    return f"{number:f}"


def _group(value: Any) -> Any:
    """An ad group as {"ad_group_id": …}, or by its plain id. Raises ValueError."""
    given = {"ad_group_id": value} if isinstance(value, str | int) and not isinstance(value, bool) else value
    known = ("ad_group_id", "campaign_id")
    if not isinstance(given, Mapping) or not given.get("ad_group_id") or given.keys() - {*known}:
        raise ValueError('write {"ad_group_id": "130000000000001"}')
    if wrong := [name for name, id_ in given.items() if not str(id_).isascii() or not str(id_).isdigit()]:
        raise ValueError(f"{wrong[0]}: an id is digits")
    return {name: str(id_) for name, id_ in given.items()}


Target = Annotated[dict[str, Any] | None, BeforeValidator(_target)]
Range = Annotated[
    Span,
    Field(description="last_30d, last_month, 2026-10-01..2026-10-31. Amazon keeps 65 days, 60 of brands."),
]


class TermsQuestion(Listed):
    """What the two questions have in common."""

    range: Range | None = None
    propose: Annotated[
        bool, Field(description="Also plan it, for the rows that where and top leave, at most 1,000.")
    ] = False
    fresh: Annotated[bool, Field(description="Order Amazon's reports anew, not those of 6 hours.")] = False

    aliases = {"time_range": "range", "date_range": "range", "date_preset": "range", "period": "range"}
    alike = {
        "search_term": "term", "query": "term", "cost": "spend", "conversions": "orders",
        "purchases": "orders", "conversion_value": "sales", "revenue": "sales", "name": "term",
    }  # fmt: skip
    retired = Listed.retired | dict.fromkeys(
        ("account_id", "account_ids", "profile_id"), 'write accounts: "all", or ids: "amazon:123,456"'
    )
    telling = ("account", "term", "ad_group", "currency")
    ranked: ClassVar[tuple[str, ...]]

    @classmethod
    def indexed(cls) -> tuple[str, ...]:
        return (cls.said,)  # its columns are those of many reports

    def kinds(self) -> Mapping[str, Column]:
        return {
            **dict.fromkeys(("account", "campaign", "ad_group"), ID),
            **dict.fromkeys(("clicks", "ad_groups"), COUNT),
            **dict.fromkeys(("spend", "sales"), MONEY),
            "orders": Column("number", adds=True),
            "acos": Column("percent", of=("spend", "sales", 100)),
            "cpc": Column("ratio", of=("spend", "clicks", 1), unit="money"),
            "bid": Column("money"),
            "term_clicks": Column("count"),
            "term_spend": Column("money"),
        }

    def shown_by(self, desk: Engine) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(dict.fromkeys([*self.named(), *(["proposal"] if self.propose else [])]))

    @property
    def aimed(self) -> Mapping[str, Any] | None:
        """The target as it was written."""
        return getattr(self, "target", None)

    @property
    def goes_into(self) -> Mapping[str, str]:
        """The ad group into which it all goes; empty for those where it was found."""
        return getattr(self, "into", None) or {}

    @property
    def state_of_new(self) -> str:
        """The state of what is made; empty for the usual one."""
        return getattr(self, "state", None) or ""

    @abstractmethod
    def warned(self, untold: int, accounts: Sequence[TermsOf]) -> list[str]:
        """What is to be known of what was read, where so many accounts have no target."""

    @abstractmethod
    def judge(self, target: targets.BidTo | None, into: Any) -> Judge:
        """Which terms of an account are rows, under its target."""

    @abstractmethod
    def figures(self, found: Candidate) -> Row:
        """The columns of a row that are its question's own."""

    async def answered(self, desk: Engine, view: TableView, report: Report | None) -> Result:
        from .again import noted

        if self.propose and view.group_by:
            raise InvalidParams(APART)
        if not view.sort and not view.group_by:
            view = view.model_copy(update={"sort": [*self.ranked]})
        return await noted(desk, self, view, await super().answered(desk, view, report))

    async def rows(
        self, desk: Engine, view: TableView, report: Report | None
    ) -> tuple[list[Row], Mapping[str, Any]]:
        from .terms_asked import asked

        return await asked(desk, self, view, report)


class HarvestTerms(TermsQuestion):
    """Read which search terms bring orders and are not bid on exactly yet, to add them; plans it.

    A term counts with all its ad groups, and goes where it sold most, or into one ad group. What is bid on
    exactly, or negated, is left out and named. Without target that of clients.toml counts, if there is one.
    """

    range: Range | None = Span(preset="last_30d")
    min_orders: Annotated[int, Field(ge=1, le=100_000, description="At least so many.")] = 2
    target: Annotated[Target, Field(description=f"Leaves out what is over it: {TARGET}; bids aim at it.")] = (
        None
    )
    into: Annotated[
        dict[str, str] | None,
        BeforeValidator(_group),
        Field(description="An ad group for all of it, by ad_group_id: terms of AUTO campaigns need one."),
    ] = None
    state: Annotated[
        Literal["ENABLED", "PAUSED"] | None,
        Field(description="Of what is added, else PAUSED; what is in Sponsored Brands begins at once."),
    ] = None

    lean = ("account", "term", "kind", *WHOSE, "found_by", *DID, "bid", "bid_from", "currency")
    known = (*lean, "platform", "ad_product", "ad_groups")
    ranked = ("-orders", "-clicks")
    sample = {"min_orders": 2, "target": {"acos": "30 %"}}
    said = (
        "search terms, search term harvesting, harvest, converting search terms, keywords from search "
        "terms, search term report, add as exact keyword, keyword mining"
    )

    def warned(self, untold: int, accounts: Sequence[TermsOf]) -> list[str]:  # noqa: ARG002 - enough is enough
        return [NO_TARGET.format(untold)] if untold else []

    def judge(self, target: targets.BidTo | None, into: Any) -> Judge:
        from .judging import Harvest

        return Harvest(self.min_orders, target, into)

    def figures(self, found: Candidate) -> Row:
        return {"bid": found.bid, "bid_from": found.why, "ad_groups": len(found.term.places)}


class NegativeTerms(TermsQuestion):
    """Read which search terms are clicked, bring no order and cost more than one may, to negate; plans it.

    An order may take as many clicks as in the account itself (clicks / orders of these days), times
    certainty; with a target, the money it gives an order. What sells elsewhere, is a keyword itself or is
    negated already is left out and named.
    """

    range: Annotated[
        Range | None, Field(description="Else 30 days up to those whose orders may still come.")
    ] = None
    min_clicks: Annotated[int, Field(ge=1, le=100_000, description="At least so many.")] = 10
    certainty: Annotated[
        str,
        BeforeValidator(_certainty),
        Field(description="How many orders' worth; 3 asks for more, 1 for less."),
    ] = "2"
    target: Annotated[Target, Field(description=f"What an order may cost, in place of clicks: {TARGET}.")] = (
        None
    )

    lean = (
        "account",
        "term",
        "kind",
        *WHOSE,
        "found_by",
        "clicks",
        "spend",
        "term_clicks",
        "why",
        "currency",
    )
    known = (*lean, "cpc", "term_spend", "platform", "ad_product")
    ranked = ("-spend",)
    sample = {"min_clicks": 10}
    said = (
        "search terms, search terms to negate, negatives, negative keywords, wasted search terms, waste, "
        "search terms without sales, search term report, non converting, bleeding keywords"
    )

    def warned(self, untold: int, accounts: Sequence[TermsOf]) -> list[str]:  # noqa: ARG002 - a rate is told
        late = dict[str, date]()
        for of in accounts:
            late |= {name: min(day, late.get(name, day)) for name, day in of.late.items()}
        named = ", ".join(f"{day} ({name})" for name, day in late.items())
        chance = BY_CHANCE.format(self.certainty, math.exp(-float(self.certainty)))
        return [*([chance] if accounts else []), *([MAY_COME.format(named)] if late else [])]

    def judge(self, target: targets.BidTo | None, into: Any) -> Judge:  # noqa: ARG002 - where they were found
        from .judging import Negate

        return Negate(self.min_clicks, Decimal(self.certainty), target)

    def figures(self, found: Candidate) -> Row:
        whole = found.term.figures
        return {"term_clicks": whole.clicks, "term_spend": whole.spend, "why": found.why}


search_terms = Entity(noun="search term", harvest=HarvestTerms, negatives=NegativeTerms)
