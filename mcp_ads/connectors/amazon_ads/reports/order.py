"""What ordering a report takes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import SCOPE, vendor
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, Json, upper
from mcp_ads.core import POST, Column, Request, Span
from mcp_ads.core.record_fields import ALL, resolved
from mcp_ads.errors import InvalidParams

from . import metrics, whole_account
from .catalogue import ReportType, catalogue
from .listing import type_of
from .metrics import everyday
from .steps import ReportRead

ORDER = vendor(POST, "/reporting/reports", "createasyncreportrequest.v3", "createasyncreportresponse.v3")
CAMPAIGN = ("campaignId", "campaignName")
"""Of which one says whose placement a row is."""
ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
Columns = Annotated[
    list[str] | None,
    Field(
        exclude=True,
        min_length=1,
        description="Columns; reports.types with report_type lists them. Also cost, conversions, "
        "conversion_value, cpc, cpm, cost_per_conversion, roas; in percent ctr, acos, conversion_rate.",
    ),
]
Days = Annotated[
    Span | None,
    Field(
        description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31; create: at most "
        "31 days."
    ),
]
ALSO = {
    **ACCOUNT, "columns": "fields", "report_type_id": "report_type", "date_range": "time_range",
}  # fmt: skip


class ReportOrder(ReportRead):
    """What ordering a report takes."""

    report_type: Annotated[str | None, Field(description="reports.types lists them.")] = None
    time_range: Days = Span(preset="last_30d")
    time_unit: Annotated[
        Literal["SUMMARY", "DAILY"], BeforeValidator(upper), Field(description="DAILY: a row a day.")
    ] = "SUMMARY"
    report_group_by: Annotated[
        list[str] | None,
        Field(
            min_length=1,
            description="Such as campaign, adGroup for spCampaigns; account: one row, or one a day, "
            "added up from the campaigns; account,campaignPlacement: one a placement.",
        ),
    ] = None
    fields: Columns = None
    filters: Annotated[
        list[Json] | None, Field(description='[{"field": "campaignStatus", "values": ["ENABLED"]}]')
    ] = None
    name: Annotated[str | None, Field(max_length=100)] = None

    http, repeatable, aliases = ORDER, False, {**ALSO, "group_by": "report_group_by"}
    alike, periods = metrics.ALIKE, {"day": {"time_unit": "DAILY"}}

    @model_validator(mode="after")
    def _possible(self) -> Self:
        return self.checked()

    def checked(self) -> Self:
        """The same order; raises InvalidParams or ValueError for what Amazon would refuse."""
        kind = type_of(self.report_type)
        asked = self.asked(kind)
        found = list(kind.mistakes(self.groups(kind), asked, self.time_unit, self.filters or ()))
        if self.whole:
            found += whole_account.mistakes(self.report_group_by or (), kind.group_by, asked)
        if mistakes := "\n".join(found):
            raise ValueError(mistakes)
        return self

    @property
    def whole(self) -> bool:
        """Whether the rows are added up for the account."""
        return whole_account.ACCOUNT in (self.report_group_by or ())

    def groups(self, kind: ReportType) -> list[str]:
        """What Amazon groups by."""
        named = [group for group in self.report_group_by or () if group != whole_account.ACCOUNT]
        return named or [kind.group_by[0]]

    def asked(self, kind: ReportType) -> list[str]:
        """The columns of the answer: those named, and the day of each row."""
        fields = tuple(self.fields or ())
        return list(_asked(kind.name, tuple(self.groups(kind)), self.time_unit, fields, whole=self.whole))

    def ordered(self, kind: ReportType) -> list[str]:
        """The columns asked of Amazon."""
        return metrics.ordered(self.asked(kind), kind.known(self.groups(kind)))

    def unsure(self) -> list[str]:
        kind = type_of(self.report_type)
        return kind.unsure(self.asked(kind))

    def unsure_of(self) -> list[str]:
        """What to say of columns that may not be there."""
        names = ", ".join(self.unsure())
        said = f"fields: {names}: on none of Amazon's pages; asked for all the same: its lists are longer"
        return [said] if names else []

    def kinds(self) -> Mapping[str, Column]:
        return column_kinds()

    def words(self) -> Mapping[str, str]:
        kind = catalogue().get(self.report_type or "")
        return metrics.alike(kind.known(self.groups(kind))) if kind else self.alike

    def earliest(self, today: date) -> date:
        return type_of(self.report_type).first(today)

    def configuration(self) -> Json:
        """What is ordered, whatever its days."""
        kind = type_of(self.report_type)
        configuration = {
            "adProduct": kind.ad_product,
            "reportTypeId": kind.name,
            "groupBy": self.groups(kind),
            "columns": self.ordered(kind),
            "timeUnit": self.time_unit,
            "format": "GZIP_JSON",
            "filters": self.filters,
        }
        return {name: value for name, value in configuration.items() if value is not None}

    def to_body(self) -> Json:
        assert self.time_range
        since, until = self.time_range.days
        name = {} if self.name is None else {"name": self.name}
        return {
            **name,
            "startDate": str(since),
            "endDate": str(until),
            "configuration": self.configuration(),
        }


def order_request(profile_id: str, region: str, body: Json) -> Request:
    """The request that orders a report: it is never sent twice by itself."""
    headers = {**ORDER.headers, SCOPE: profile_id}
    return Request(
        ORDER.method, ORDER.path, body=body, headers=headers, repeatable=False, region=region
    )  # fmt: skip


def order_name(profile_id: str, body: Mapping[str, Any]) -> str:
    """What an order is noted under: Amazon compares everything but the name."""
    same = {name: value for name, value in body.items() if name != "name"}
    return f"order {_digest([profile_id, same])}"


def run_name(orders: Iterable[Any]) -> str:
    """The id of a run: that of the same orders is the same."""
    return f"run_{_digest(list(orders))[:12]}"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def explained(error: Any, report_type: str) -> Any:
    """A refusal of an order with all columns that Amazon takes in its advice, where it names these."""
    _, _, allowed = error.platform_text.partition("Allowed values: (")
    names = re.findall(r"[A-Za-z]\w*", allowed.partition(")")[0])
    if names and "columns" in error.platform_text:
        error.fix = f"name others in fields; {report_type} has {', '.join(names)}"
        error.platform_text = error.platform_text.partition("Allowed values: (")[0].strip()
    return error


@lru_cache(maxsize=256)
def _asked(
    name: str, groups: tuple[str, ...], time_unit: str, fields: tuple[str, ...], *, whole: bool
) -> tuple[str, ...]:
    kind = catalogue()[name]
    usual = kind.usual(groups, time_unit)
    if whole:
        usual = [name for name in usual if whole_account.may_be_asked(name)]
    if not fields:
        return tuple(usual)
    known = kind.known(groups)
    asked = resolved(fields, [*known, *everyday(known)], metrics.alike(known))
    apart = {"date"}
    if whole_account.BY_PLACEMENT in groups:
        of_campaign = set() if set(CAMPAIGN) & set(asked) else {*CAMPAIGN}
        apart |= {whole_account.PLACEMENT, *of_campaign}
    return tuple(dict.fromkeys([*(name for name in usual if name in apart), *asked]))


@lru_cache(maxsize=256)
def named_columns(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a report ordered before."""
    return () if list(fields) in ALL else tuple(resolved(fields, [*column_kinds()], metrics.ALIKE))


@cache
def column_kinds() -> Mapping[str, Column]:
    """Of every column of every report: one ordered before may be of any type."""
    names = {name for kind in catalogue().values() for name in kind.known(kind.group_by)}
    return {**metrics.kinds(sorted(names)), **whole_account.OF_SEVERAL}


def refuse(mistakes: Iterable[str]) -> None:
    """Raise InvalidParams with these, if there are any."""
    if lines := "\n".join(mistakes):
        raise InvalidParams(lines)
