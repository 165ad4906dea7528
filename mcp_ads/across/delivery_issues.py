"""Delivery issues of all accounts: what is disapproved, limited, out of budget or stuck, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from mcp_ads.core import ID, Column, Entity
from mcp_ads.core.facts import ISSUE, STATUSES
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView

from .gathered import Row, Sought, gathered
from .levels import Levels, meant, of_levels
from .listed import Listed

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

ORDER = ("disapproved", "out_of_budget", "limited", "stuck", "in_review")
"""The most urgent first."""
SAID = {
    **dict.fromkeys(("rejected", "refused", "declined"), "disapproved"),
    **dict.fromkeys(("outofbudget", "budget"), "out_of_budget"),
    **dict.fromkeys(("inreview", "underreview", "pendingreview", "pending"), "in_review"),
}
"""Other words for a status, as `bare` leaves them."""
Status = Literal["disapproved", "in_review", "limited", "out_of_budget", "stuck"]
assert {*ORDER} == {*STATUSES}


class ListDeliveryIssues(Listed):
    """List disapproved, limited, out-of-budget and stuck ads and campaigns of all accounts, with why.

    What is switched on and does not deliver, in the platform's own words; since when, where it says so.
    """

    status: Annotated[list[Status], meant(SAID), Field(description="Only these.")] = []
    level: Levels = []

    lean = ("platform", "account", *(name for name in ISSUE if name != "kind"))
    telling = ("platform", "account", "object", "id")
    known = ("platform", "account", *ISSUE)
    aliases = {**dict.fromkeys(("kinds", "kind", "levels"), "level"), "statuses": "status"}
    said = "disapproved ads, rejected ads, problems, not delivering, out of budget, stuck, under review"

    def kinds(self) -> Mapping[str, Column]:
        return {"account": ID, "id": ID}

    async def rows(
        self, desk: Engine, view: TableView, report: Report | None
    ) -> tuple[list[Row], Mapping[str, Any]]:
        def wanted(row: Row) -> Row | None:
            fits = (not self.level or row["kind"] in self.level) and (
                not self.status or row["status"] in self.status
            )
            return row if fits else None

        sought = Sought(lambda facts: of_levels(facts.issues, self.level), wanted)
        found = await gathered(desk, view.accounts, sought, report)
        rows = sorted(found.rows, key=lambda row: ORDER.index(row["status"]))
        return rows, {
            "coverage": found.coverage,
            "hidden": "; ".join(filter(None, (facts.untold.get("issues") for facts in found.facts))),
            "warnings": found.remarks,
        }


delivery_issues = Entity(noun="delivery issue", list=ListDeliveryIssues)
