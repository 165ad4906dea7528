"""Portfolios: the v3 generation, which cannot archive and chooses its own page size."""

from __future__ import annotations

from .fields import Field, Fields
from .resources import NAMES, Filter, Resource
from .v3 import operations

SHARING: Fields = {"featureState": Field("enum", values=("ENABLED", "DISABLED"))}
BUDGET: Fields = {
    "policy": Field("enum", need=True, values=("DATE_RANGE", "MONTHLY_RECURRING", "NO_CAP")),
    "amount": Field("number"),
    "currencyCode": Field("enum"),
    "startDate": Field("date"),
    "endDate": Field("date", null=True),
}
PORTFOLIO = Resource(
    path="/portfolios",
    media="spPortfolio",
    key="portfolios",
    one="portfolio",
    noun="portfolio",
    id="portfolioId",
    own_filter="portfolioIdFilter",
    fields={
        "name": Field(need=True),
        "state": Field("enum", need=True, values=("ENABLED",)),
        "budget": Field("object", of=BUDGET),
        "budgetControls": Field("object", of={"campaignUnspentBudgetSharing": Field("object", of=SHARING)}),
    },
    filters={"nameFilter": Filter(NAMES.shape, NAMES.of, 1000)},
    unique=("name",),
    archive=False,
    batch=100,
    page=10,
)
OPERATIONS = operations(PORTFOLIO)
