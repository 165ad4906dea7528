"""Objects of all accounts found by name, id or text: what a question or a change is about."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from mcp_ads.core import ID, Column, Entity
from mcp_ads.core.facts import SEARCHED
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView

from .gathered import Row, Sought, gathered
from .levels import BelowAccount, of_levels
from .listed import Listed
from .matching import FOUND_BY, Wanted, is_blank

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

KEPT = 600.0
"""Seconds in which what was read of an account is searched again."""


def _not_blank(query: str) -> str:
    if is_blank(query):
        raise ValueError('write what to look for, such as "spring sale"')
    return query


class SearchObjects(Listed):
    """Find campaigns, ad groups and ads of all accounts by name, id or an ad's text, the nearest first.

    An exact id or name comes before names that begin with the query, have its words, or contain it. What was
    read of an account is searched for ten minutes; as_of says since when.
    """

    query: Annotated[
        str,
        AfterValidator(_not_blank),
        Field(
            max_length=200,
            description="A name, words of it, an id (also URN), words of an ad; "
            "platforms' own lists have all.",
            examples=["spring sale"],
        ),
    ]
    level: BelowAccount = []
    fresh: Annotated[bool, Field(description="Read everything anew now.")] = False

    lean = ("platform", "account", "object", "id", "name", "status")
    telling = ("platform", "account", "object", "id")
    known = ("platform", "account", *SEARCHED, "found_by")
    aliases = {
        **dict.fromkeys(("name", "q", "search", "text"), "query"),
        **dict.fromkeys(("kinds", "kind", "levels"), "level"),
    }
    said = "find a campaign, ad set, ad group, ad or creative by name"

    def kinds(self) -> Mapping[str, Column]:
        return {"account": ID, "id": ID}

    async def rows(
        self, desk: Engine, view: TableView, report: Report | None
    ) -> tuple[list[Row], Mapping[str, Any]]:
        asked = map(desk.connector, desk.settings.served)
        plain_ids = {one.facts.platform: one.plain_id for one in asked if one.facts}
        wanted = Wanted(self.query, plain_ids)

        def fitting(row: Row) -> Row | None:
            by = wanted.found_by(row)
            return {**row, "found_by": by} if by else None

        sought = Sought(
            lambda facts: of_levels(facts.search, self.level), fitting, keep=KEPT, anew=self.fresh
        )
        found = await gathered(desk, view.accounts, sought, report)
        rows = sorted(
            found.rows, key=lambda row: (FOUND_BY.index(row["found_by"]), str(row["name"]).casefold())
        )
        return rows, {
            "coverage": found.coverage,
            "as_of": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(found.at)),
            "hidden": "; ".join(filter(None, (facts.untold.get("search") for facts in found.facts))),
            "warnings": found.remarks,
        }


objects = Entity(search=SearchObjects)
