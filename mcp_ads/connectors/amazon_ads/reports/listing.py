"""What reports there are: the types, and the columns of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.types import Json
from mcp_ads.core import NONE, TEXT, Column, Context, Flow, Result
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import InvalidParams

from . import whole_account
from .catalogue import ReportType, catalogue, unknown_type
from .metrics import everyday

OF_TYPES = (
    "report_type", "ad_product", "report_group_by", "time_units", "columns", "max_days", "days_back",
)  # fmt: skip
OF_A_TYPE = ("column", "needs_group_by", "default")
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
            {"column": column, "needs_group_by": known.get(column) or None, "default": column in kind.default}
            for column in (*known, *everyday(known))
        ]
        return Result(
            sorted(rows, key=lambda row: not row["default"]),
            {"report_group_by": ", ".join(kind.group_by), "filters": kind.filters},
        )


def type_of(name: str | None) -> ReportType:
    if name is None:
        raise InvalidParams("report_type: missing, required; reports.types lists them")
    if name not in catalogue():
        raise InvalidParams(unknown_type(name))
    return catalogue()[name]


def _type_row(kind: ReportType) -> Json:
    whole = [whole_account.ACCOUNT] if kind.group_by[0] == whole_account.CAMPAIGN else []
    return {
        "report_type": kind.name,
        "ad_product": kind.ad_product,
        "report_group_by": " ".join([*kind.group_by, *whole]),
        "time_units": " ".join(kind.time_units),
        "columns": len(kind.known(kind.group_by)),
        "max_days": kind.max_days,
        "days_back": kind.days_back,
    }
