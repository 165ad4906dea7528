"""Reports: ordered, built by Amazon within seconds or hours, then fetched as a file from a signed address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.record_names import REPORT
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, Json, upper
from mcp_ads.core import POST, Column, Context, Entity, Flow, Result, Span, Wait
from mcp_ads.core.record_fields import ALL, resolved
from mcp_ads.errors import ApiError, InvalidParams

from . import metrics, whole_account
from .catalogue import ReportType, catalogue
from .listing import ListReportTypes
from .listing import type_of as _type_of
from .metrics import everyday
from .steps import PAUSES, STATUS, Polls, ReportRead

ORDER = vendor(POST, "/reporting/reports", "createasyncreportrequest.v3", "createasyncreportresponse.v3")
DUPLICATE = 425
LEAN = ("reportId", "status", "startDate", "endDate", "configuration.reportTypeId", "failureReason")
_ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

ReportId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", examples=["0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"])
]
Type = Annotated[str, Field(examples=["spCampaigns"], description="reports.types lists them.")]
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
        description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31; at most 31 days."
    ),
]
ALSO = {
    **ACCOUNT, "columns": "fields", "report_type_id": "report_type", "date_range": "time_range",
    "group_by": "report_group_by",
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
            "added up from the campaigns.",
        ),
    ] = None
    fields: Columns = None
    filters: Annotated[
        list[Json] | None, Field(description='[{"field": "campaignStatus", "values": ["ENABLED"]}]')
    ] = None
    name: Annotated[str | None, Field(max_length=100)] = None

    http, aliases, repeatable = ORDER, ALSO, False
    alike = metrics.ALIKE

    @model_validator(mode="after")
    def _possible(self) -> Self:
        return self._checked()

    def _checked(self) -> Self:
        kind = _type_of(self.report_type)
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
        return [kind.group_by[0]] if self.whole or not self.report_group_by else self.report_group_by

    def asked(self, kind: ReportType) -> list[str]:
        """The columns of the answer: those named, and the day of each row."""
        fields = tuple(self.fields or ())
        return list(_asked(kind.name, tuple(self.groups(kind)), self.time_unit, fields, whole=self.whole))

    def ordered(self, kind: ReportType) -> list[str]:
        """The columns asked of Amazon."""
        return metrics.ordered(self.asked(kind), kind.known(self.groups(kind)))

    def kinds(self) -> Mapping[str, Column]:
        return _kinds()

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if call.time_range and (
            mistakes := list(_type_of(self.report_type).late(*call.time_range.days, context.today))
        ):
            raise InvalidParams("\n".join(mistakes))
        return call

    def earliest(self, today: date) -> date:
        return today - timedelta(days=_type_of(self.report_type).days_back)

    def to_body(self) -> Json:
        kind = _type_of(self.report_type)
        assert self.time_range
        since, until = self.time_range.days
        body = {"name": self.name, "startDate": str(since), "endDate": str(until)}
        configuration = {
            "adProduct": kind.ad_product,
            "reportTypeId": kind.name,
            "groupBy": self.groups(kind),
            "columns": self.ordered(kind),
            "timeUnit": self.time_unit,
            "format": "GZIP_JSON",
            "filters": self.filters,
        }
        return _given(body) | {"configuration": _given(configuration)}

    def order(self) -> Polls:
        """The ordered report; the one being built already when Amazon says there is one like it."""
        try:
            report = yield self.to_request()
        except ApiError as error:
            existing = _ID.search(error.platform_text)
            if error.status != DUPLICATE or not existing:
                raise
            report = yield self.status(existing[0])
        return dict(report)


class CreateReport(ReportOrder):
    """Order a report and answer with its id at once; reports.run does the whole in one call."""

    report_type: Type

    lean = LEAN

    def columns(self) -> tuple[str, ...]:
        return self.lean

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        report = yield from self.order()
        return Result(_without_url(report))


class GetReport(ReportRead):
    """Read how far a report is: PENDING, PROCESSING, COMPLETED or FAILED."""

    report_id: ReportId

    http, lean, known = STATUS, LEAN, REPORT

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        report = yield self.to_request()
        return Result(_without_url(report))


class DownloadReport(ReportRead):
    """Read the rows of a finished report."""

    report_id: ReportId

    http, spooled, alike = STATUS, True, metrics.ALIKE

    def columns(self) -> tuple[str, ...]:
        return _named(tuple(self.fields or ()))

    def kinds(self) -> Mapping[str, Column]:
        return _kinds()

    def flow(self, context: Context) -> Flow:
        report = yield self.to_request()
        return (yield from self.rows(report, context))


class RunReport(ReportOrder):
    """Order a report, wait for it and read its rows; with report_id, go on with one ordered before."""

    said = (
        "acos, roas, search term, negative keyword, asin, budget pacing, out of budget, new to brand, waste"
    )

    @classmethod
    def indexed(cls) -> tuple[str, ...]:
        kinds = catalogue().values()
        return (
            cls.said,
            *{column for kind in kinds for column in kind.columns},
            *(kind.name for kind in kinds),
        )

    sample = {"report_type": "spCampaigns"}

    report_id: Annotated[ReportId | None, Field(exclude=True, description="Go on with this one.")] = None

    spooled = True

    @model_validator(mode="after")
    def _possible(self) -> Self:
        return self if self.report_id else self._checked()

    def columns(self) -> tuple[str, ...]:
        if self.report_id:
            return _named(tuple(self.fields or ()))
        return tuple(self.asked(_type_of(self.report_type)))

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """The days of a report ordered before are its own."""
        return (
            self.model_copy(update={"time_range": None}) if self.report_id else super().settled(context, live)
        )

    def flow(self, context: Context) -> Flow:
        report_id = self.report_id
        if report_id is None:
            report_id = str((yield from self.order())["reportId"])
            yield Wait(PAUSES[0], self.resume(report_id))
        report = yield from self.finished(report_id)
        return (yield from self.rows(report, context, whole=self.whole))

    def resume(self, report_id: str) -> Json:
        account = {"report_group_by": whole_account.ACCOUNT} if self.whole else {}
        return {"report_id": report_id, **account}


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
    days = [column for column in usual if column == "date"]
    asked = resolved(fields, [*known, *everyday(known)], metrics.ALIKE)
    return tuple(dict.fromkeys([*days, *asked]))


@lru_cache(maxsize=256)
def _named(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a report ordered before."""
    return () if list(fields) in ALL else tuple(resolved(fields, [*_kinds()], metrics.ALIKE))


@cache
def _kinds() -> Mapping[str, Column]:
    """Of every column of every report: one ordered before may be of any type."""
    names = {name for kind in catalogue().values() for name in kind.known(kind.group_by)}
    return metrics.kinds(sorted(names))


def _given(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _without_url(report: Json) -> Json:
    """The signed address is a credential."""
    return {name: value for name, value in report.items() if name not in ("url", "urlExpiresAt")}


reports = Entity(
    run=RunReport,
    types=ListReportTypes,
    create=CreateReport,
    get=GetReport,
    download=DownloadReport,
)
