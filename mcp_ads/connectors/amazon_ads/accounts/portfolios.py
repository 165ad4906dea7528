"""Portfolios: groups of campaigns, with a budget cap of their own if wanted."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.amazon_ads.dialect import WHOLE_PAGES, vendor
from mcp_ads.connectors.amazon_ads.lists import ExtendedRead
from mcp_ads.connectors.amazon_ads.record_names import OF_PORTFOLIOS, PORTFOLIO
from mcp_ads.connectors.amazon_ads.types import Names, OneOrMore, PortfolioIds
from mcp_ads.core import POST, Entity

LIST = vendor(POST, "/portfolios/list", "spPortfolio.v3")
LEAN = ("portfolioId", "name", "state", "inBudget", "budget.policy", "budget.amount")
MORE = (*LEAN, "budget.startDate", "budget.endDate", "budgetControls", "extendedData")


class ListPortfolios(ExtendedRead):
    """List portfolios. Amazon chooses the size of a page."""

    portfolio_id: PortfolioIds = None
    name: Names = None

    http, pages, records, lean = LIST, WHOLE_PAGES, "portfolios", LEAN
    known, alike = PORTFOLIO, OF_PORTFOLIOS


class GetPortfolio(ExtendedRead):
    """Read one portfolio, or several with a list of ids."""

    portfolio_id: Annotated[OneOrMore, Field(alias="portfolioIdFilter", examples=["123456789012345"])]

    http, records, lean, subject, many = LIST, "portfolios", MORE, "portfolio_id", True
    known, alike = PORTFOLIO, OF_PORTFOLIOS


portfolios = Entity(
    list=ListPortfolios,
    get=GetPortfolio,
)
