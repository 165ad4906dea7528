"""Portfolios: groups of campaigns, with a budget cap of their own if wanted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.dialect import WHOLE_PAGES, vendor
from mcp_ads.connectors.amazon_ads.filters import include, listed
from mcp_ads.connectors.amazon_ads.lists import ExtendedRead, SpGet
from mcp_ads.connectors.amazon_ads.record_names import OF_PORTFOLIOS, PORTFOLIO
from mcp_ads.connectors.amazon_ads.types import Names, ObjectId, OneOrMore, PortfolioIds, upper
from mcp_ads.core import POST, PUT, Entity

from .portfolio_budgets import MONTHLY, MORE_SPENT, PARTS, SHARING, PortfolioFields, PortfolioName, Sharing
from .portfolio_usage import PortfolioUsage

MEDIA = "spPortfolio.v3"
LIST = vendor(POST, "/portfolios/list", MEDIA)
LEAN = ("portfolioId", "name", "state", "inBudget", "budget.policy", "budget.amount")
MORE = (*LEAN, "budget.startDate", "budget.endDate", "budgetControls", "extendedData")
FOR_GOOD = "Amazon neither deletes nor archives portfolios"
LACKS = f'{FOR_GOOD}; take its campaigns out with portfolio_id="none", or rename it'


class ListPortfolios(ExtendedRead):
    """List portfolios. Amazon chooses the size of a page."""

    portfolio_id: PortfolioIds = None
    name: Names = None
    state: Annotated[
        list[Literal["ENABLED"]] | None,
        BeforeValidator(upper),
        BeforeValidator(listed),
        PlainSerializer(include),
        Field(alias="stateFilter", description="ENABLED is the only one there is."),
    ] = None

    http, pages, records, lean = LIST, WHOLE_PAGES, "portfolios", LEAN
    total = "totalResults"
    known, alike = PORTFOLIO, OF_PORTFOLIOS
    said = "budget cap of a group of campaigns"

    def left_out(self) -> str:
        """There are portfolios of one state only, so that none hides others."""
        return ""


class GetPortfolio(SpGet):
    """Read one portfolio, or several with a list of ids."""

    portfolio_id: Annotated[OneOrMore, Field(alias="portfolioIdFilter", examples=["110000000000001"])]

    http, records, lean, subject = LIST, "portfolios", MORE, "portfolio_id"
    known, alike = PORTFOLIO, OF_PORTFOLIOS


class CreatePortfolio(PortfolioFields):
    """Create a portfolio, with a budget cap if wanted. Campaigns join it by their own portfolio_id."""

    name: PortfolioName
    state: Annotated[Literal["ENABLED"], BeforeValidator(upper)] = "ENABLED"
    unspent_budget_sharing: Annotated[Sharing, Field(exclude=True)] = "DISABLED"

    http, does, new_id_at = vendor(POST, "/portfolios", MEDIA), "makes", "portfolioId"
    irreversible: ClassVar[str] = FOR_GOOD

    def lookup(self) -> Mapping[str, Any]:
        exact = {"include": [self.name], "queryTermMatchType": "EXACT_MATCH"}
        return {"profile_id": self.profile_id, "name": exact}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.unspent_budget_sharing == "DISABLED":
            yield f"unspent budget sharing is off unless asked for; Amazon would have it on: {MORE_SPENT}"


class UpdatePortfolio(PortfolioFields):
    """Change a portfolio's name, its budget cap, or whether campaigns share what is unspent."""

    portfolio_id: Annotated[ObjectId, Field(examples=["110000000000001"])]

    http, subject = vendor(PUT, "/portfolios", MEDIA), "portfolio_id"
    sample: ClassVar[Mapping[str, Any]] = {"budget_policy": MONTHLY, "budget": "2000 USD"}
    retired: ClassVar[Mapping[str, str]] = {"state": f"a portfolio is always ENABLED: {FOR_GOOD}"}

    @classmethod
    def set_back(cls, wire: str, before: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG003
        if wire == "budget":
            return dict(_parts(before or {}))
        sharing = wire == to_camel("budget_controls") and (before or {}).get(SHARING.partition(".")[0])
        return {"unspent_budget_sharing": sharing["featureState"]} if sharing else {}

    def unpriced(self, live: Mapping[str, Any]) -> str:
        shares = (live.get("budgetControls") or {}).get(SHARING.partition(".")[0]) or {}
        more = self.unspent_budget_sharing == "ENABLED" != shares.get("featureState")
        if self.lengthens(live):
            return "the cap comes to count for another time, so that what it lets be spent cannot be compared"
        return f"with unspent budget sharing {MORE_SPENT}" if more else super().unpriced(live)


def _parts(budget: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parameters that make a budget what it was."""
    yield "budget_policy", budget.get("policy") or "NO_CAP"
    if budget.get("amount") is not None:
        yield "budget", {"amount": budget["amount"], "currencyCode": budget.get("currencyCode", "")}
        for name in ("startDate", "endDate"):
            if budget.get(name):
                yield PARTS[name], budget[name]


portfolios = Entity(
    lacks=dict.fromkeys(("delete", "archive", "pause"), LACKS),
    list=ListPortfolios,
    get=GetPortfolio,
    create=CreatePortfolio,
    update=UpdatePortfolio,
    usage=PortfolioUsage,
)
