"""How much of their budget caps portfolios have used.

Source: Amazon's AccountsPortfolios.json, operation portfolioBudgetUsage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.by_place import answered, told
from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import id_list
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Id
from mcp_ads.core import POST, Column, Context, Flow, Request, Result

MOST = 1000


def _once(value: Any) -> Any:
    return list(dict.fromkeys(id_list(value)))


class PortfolioUsage(AmazonRead):
    """Read how much of their budget caps portfolios have used, in percent; one without a cap has none."""

    portfolio_id: Annotated[
        list[Id],
        BeforeValidator(_once),
        Field(exclude=True, min_length=1, max_length=MOST, examples=[["110000000000001"]]),
    ]

    http = vendor(POST, "/portfolios/budget/usage", "portfoliobudgetusage.v1")
    subject, many, most_ids = "portfolio_id", True, MOST
    lean: ClassVar[tuple[str, ...]] = (
        "portfolioId", "budget", "budgetUsagePercent", "usageUpdatedTimestamp",
    )  # fmt: skip
    known = lean
    alike: ClassVar[Mapping[str, str]] = {"id": "portfolioId", "usage": "budgetUsagePercent"}
    said = "portfolio out of budget, how much of the cap is used"

    def kinds(self) -> Mapping[str, Column]:
        return {"budget": Column("money"), "budgetUsagePercent": Column("percent")}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        rows, errors = yield from answered(self.portfolio_id, self._asked, "success", "error", "portfolio")
        failed = [told(at, errors[at]) for at in sorted(errors)]
        return Result([rows[at] for at in sorted(rows)], {}, failed, self.columns())

    def _asked(self, ids: Sequence[str]) -> Request:
        return Request("POST", self.to_path(), body={"portfolioIds": [*ids]}, headers=self.to_headers())
