"""How much of their budget caps portfolios have used.

Source: Amazon's AccountsPortfolios.json, operation portfolioBudgetUsage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.items import CODE_KINDS, SENTENCES
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Id, Json
from mcp_ads.core import POST, Column, Context, Flow, Request, Result, Several
from mcp_ads.errors import ApiError, Rejected

BATCH, MOST = 100, 1000
UNTOLD = "the answer does not say what became of this portfolio"


def _ids(value: Any) -> Any:
    """One id, several between commas, or a list of them."""
    given = listed(value)
    parts = given if isinstance(given, list) else str(given).split(",")
    return list(dict.fromkeys(str(part).strip() for part in parts))


class PortfolioUsage(AmazonRead):
    """Read how much of their budget caps portfolios have used, in percent; one without a cap has none."""

    portfolio_id: Annotated[
        list[Id],
        BeforeValidator(_ids),
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
        ids, rows, failed = self.portfolio_id, dict[int, Json](), dict[int, Json]()
        starts = range(0, len(ids), BATCH)
        answers = yield Several([self._asked(ids[start : start + BATCH]) for start in starts])
        if isinstance(answers[0], ApiError) and len(answers) == 1:
            raise answers[0]
        for start, answer in zip(starts, answers, strict=True):
            places = range(start, min(start + BATCH, len(ids)))
            if isinstance(answer, ApiError):
                failed |= {at: _told(at, type(answer), str(answer), answer.fix) for at in places}
                continue
            failed |= {at: _told(at, ApiError, UNTOLD, "call again") for at in places}
            rows |= {start + at: entry for at, entry in _entries(answer, "success")}
            for at, entry in _entries(answer, "error"):
                kind = CODE_KINDS.get(str(entry.get("code")), Rejected)
                failed[start + at] = _told(start + at, kind, SENTENCES[kind], ITEM_FIXES["NOT_FOUND"])
        errors = [failed[at] for at in sorted(failed) if at not in rows]
        return Result([rows[at] for at in sorted(rows)], {}, errors, self.columns())

    def _asked(self, ids: list[str]) -> Request:
        return Request("POST", self.to_path(), body={"portfolioIds": ids}, headers=self.to_headers())


def _entries(answer: Any, name: str) -> Iterator[tuple[int, Json]]:
    for entry in (answer.get(name) if isinstance(answer, dict) else None) or ():
        yield int(entry["index"]), entry


def _told(at: int, kind: type[ApiError], message: str, fix: str) -> Json:
    return {"index": at, "code": kind.__name__, "message": message, "fix": fix}
