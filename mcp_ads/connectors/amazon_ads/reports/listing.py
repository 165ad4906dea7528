"""What reports there are: the types, and the columns of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.types import Json
from mcp_ads.core import NONE, TEXT, Column, Context, Flow, Result
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import InvalidParams

from . import whole_account
from .catalogue import ReportType, catalogue, unknown_type
from .metrics import SAME, basis, everyday, meant

OF_TYPES = (
    "report_type", "ad_product", "report_group_by", "time_units", "columns", "max_days", "days_back",
)  # fmt: skip
OF_A_TYPE = ("column", "needs_group_by", "default", "means")
NOTIONS = {
    r"(cost|spend|totalCost)$": "spend",
    r"(\w*[sS]ales(?!Rate)(?!\w*Percentage))": "sales, money",
    r"(\w*[pP]urchases(?!Rate)(?!\w*Percentage)|orders)": "orders",
    r"(\w*[uU]nitsSold(?!\w*Percentage))": "units",
}
"""What Amazon's names of sums stand for; they differ between ad products."""
ONLY = {
    "SameSku": "of the advertised product",
    "Promoted": "of the advertised product",
    "OtherSku": "of other products",
    "BrandHalo": "of other products",
    "newToBrand": "new to brand",
}
KINDS: Mapping[str, Column] = {
    **dict.fromkeys((*OF_TYPES, *OF_A_TYPE), TEXT),
    **dict.fromkeys(("columns", "max_days", "days_back"), Column("count")),
}


class ListReportTypes(KnownRead):
    """List the report types; with report_type, the columns of one. Asks nothing of Amazon."""

    report_type: Annotated[str | None, Field(description="Such as spSearchTerm.")] = None

    aliases, spooled, whose = {"report_type_id": "report_type"}, True, NONE

    def names(self) -> tuple[str, ...]:
        return OF_A_TYPE if self.report_type else OF_TYPES

    def kinds(self) -> Mapping[str, Column]:
        return KINDS

    @model_validator(mode="after")
    def _known(self) -> Self:
        type_of(self.report_type or "spCampaigns")
        return self

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the same everywhere
        yield from ()
        if self.report_type is None:
            return Result([_type_row(kind) for kind in catalogue().values()])
        kind = type_of(self.report_type)
        known = kind.known(kind.group_by)
        rows = [
            {
                "column": column,
                "needs_group_by": known.get(column) or None,
                "default": column in kind.default,
                "means": means(column, known),
            }
            for column in (*known, *everyday(known))
        ]
        return Result(
            sorted(rows, key=lambda row: not row["default"]),
            {"report_group_by": ", ".join(_groups(kind)), "filters": kind.filters},
        )


def means(column: str, known: Mapping[str, str]) -> str | None:
    """What a sum counts and from when on, and for which column an everyday name stands."""
    if column in SAME:
        return meant(column, known) if column not in known else None
    said = next((text for pattern, text in NOTIONS.items() if re.match(pattern, column)), "")
    only = next((text for part, text in ONLY.items() if part in column), "")
    since = basis([column], known).removeprefix("az: ")
    return ", ".join(filter(None, [said, only, since])) or None if said else None


def _groups(kind: ReportType) -> list[str]:
    """What may be asked for: Amazon's groupings, and those added up here."""
    whole = [whole_account.ACCOUNT] if kind.group_by[0] == whole_account.CAMPAIGN else []
    placed = [f"{whole_account.ACCOUNT},{whole_account.BY_PLACEMENT}"]
    return [*kind.group_by, *whole, *(placed if whole_account.BY_PLACEMENT in kind.group_by else [])]


def type_of(name: str | None) -> ReportType:
    if name is None:
        raise InvalidParams("report_type: missing, required; reports.types lists them")
    if name not in catalogue():
        raise InvalidParams(unknown_type(name))
    return catalogue()[name]


def _type_row(kind: ReportType) -> Json:
    return {
        "report_type": kind.name,
        "ad_product": kind.ad_product,
        "report_group_by": " ".join(_groups(kind)),
        "time_units": " ".join(kind.time_units),
        "columns": len(kind.known(kind.group_by)),
        "max_days": kind.max_days,
        "days_back": kind.days_back,
    }
