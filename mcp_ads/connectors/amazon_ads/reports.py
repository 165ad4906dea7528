"""Reports: ordered, built by Amazon within seconds or hours, then fetched as a file from a signed address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.core import POST, Context, Entity, Read, Result, Span, Steps, Wait
from mcp_ads.errors import ApiError, InvalidParams

from .dialect import vendor
from .report_steps import PAUSES, STATUS, Polls, ReportRead
from .report_types import ReportType, catalogue, unknown_type
from .types import ACCOUNT, Json, upper

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
        exclude=True, min_length=1, description="Columns to order; reports.types with report_type lists them."
    ),
]
Days = Annotated[
    Span | None,
    Field(
        description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31; at most 31 days."
    ),
]
ALSO = {**ACCOUNT, "columns": "fields", "report_type_id": "report_type", "date_range": "time_range"}


class ListReportTypes(Read):
    """List the report types; with report_type, the columns of one. Asks nothing of Amazon."""

    report_type: Annotated[str | None, Field(description="Such as spSearchTerm.")] = None

    also, spooled = {"report_type_id": "report_type"}, True

    @model_validator(mode="after")
    def _known(self) -> Self:
        _type_of(self.report_type or "spCampaigns")
        return self

    def steps(self, context: Context) -> Steps:  # noqa: ARG002 - the same everywhere
        yield from ()
        if self.report_type is None:
            return Result([_type_row(each) for each in catalogue().values()])
        kind = _type_of(self.report_type)
        rows = [
            {"column": column, "needs_group_by": group or None, "default": column in kind.default}
            for column, group in kind.known(kind.group_by).items()
        ]
        return Result(
            sorted(rows, key=lambda row: not row["default"]),
            {"group_by": ", ".join(kind.group_by), "filters": kind.filters},
        )


class ReportOrder(ReportRead):
    """What ordering a report takes."""

    report_type: Annotated[str | None, Field(description="reports.types lists them.")] = None
    time_range: Days = Span(preset="last_30d")
    time_unit: Annotated[
        Literal["SUMMARY", "DAILY"], BeforeValidator(upper), Field(description="DAILY: a row a day.")
    ] = "SUMMARY"
    group_by: Annotated[list[str] | None, Field(description="Such as campaign, adGroup for spCampaigns.")] = (
        None
    )
    fields: Columns = None
    filters: Annotated[
        list[Json] | None, Field(description='[{"field": "campaignStatus", "values": ["ENABLED"]}]')
    ] = None
    name: Annotated[str | None, Field(max_length=100)] = None

    http, also, repeatable = ORDER, ALSO, False

    @model_validator(mode="after")
    def _possible(self) -> Self:
        return self._checked()

    def _checked(self) -> Self:
        kind = _type_of(self.report_type)
        found = kind.mistakes(self.groups(kind), self.ordered(kind), self.time_unit, self.filters or ())
        if mistakes := "\n".join(found):
            raise ValueError(mistakes)
        return self

    def groups(self, kind: ReportType) -> list[str]:
        return self.group_by or [kind.group_by[0]]

    def ordered(self, kind: ReportType) -> list[str]:
        """The columns asked of Amazon: those named, and the day of each row."""
        usual = kind.usual(self.groups(kind), self.time_unit)
        days = [each for each in usual if each == "date"]
        return list(dict.fromkeys([*days, *self.fields])) if self.fields else usual

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if call.time_range and (
            mistakes := list(_type_of(self.report_type).late(*call.time_range.days, context.today))
        ):
            raise InvalidParams("\n".join(mistakes))
        return call

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
            existing = _ID.search(error.says)
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

    def steps(self, context: Context) -> Steps:  # noqa: ARG002
        report = yield from self.order()
        return Result(_without_url(report))


class GetReport(ReportRead):
    """Read how far a report is: PENDING, PROCESSING, COMPLETED or FAILED."""

    report_id: ReportId

    http, lean = STATUS, LEAN

    def steps(self, context: Context) -> Steps:  # noqa: ARG002
        report = yield self.to_request()
        return Result(_without_url(report))


class DownloadReport(ReportRead):
    """Read the rows of a finished report."""

    report_id: ReportId

    http, spooled = STATUS, True

    def steps(self, context: Context) -> Steps:
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
        return tuple(self.fields or ()) if self.report_id else tuple(self.ordered(_type_of(self.report_type)))

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """The days of a report ordered before are its own."""
        return (
            self.model_copy(update={"time_range": None}) if self.report_id else super().settled(context, live)
        )

    def steps(self, context: Context) -> Steps:
        report_id = self.report_id
        if report_id is None:
            report_id = str((yield from self.order())["reportId"])
            yield Wait(PAUSES[0], {"report_id": report_id})
        report = yield from self.finished(report_id)
        return (yield from self.rows(report, context))


def _type_of(name: str | None) -> ReportType:
    if name is None:
        raise InvalidParams("report_type: missing, required; reports.types lists them")
    if name not in catalogue():
        raise InvalidParams(unknown_type(name))
    return catalogue()[name]


def _type_row(kind: ReportType) -> Json:
    return {
        "report_type": kind.name,
        "ad_product": kind.ad_product,
        "group_by": " ".join(kind.group_by),
        "time_units": " ".join(kind.time_units),
        "columns": len(kind.known(kind.group_by)),
        "max_days": kind.max_days,
        "days_back": kind.days_back,
    }


def _given(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _without_url(report: Json) -> Json:
    """The signed address is a credential."""
    return {name: value for name, value in report.items() if name not in ("url", "urlExpiresAt")}


reports = Entity(
    "reports",
    "Performance by day, campaign, keyword, search term, product, …",
    types=ListReportTypes,
    create=CreateReport,
    get=GetReport,
    download=DownloadReport,
    run=RunReport,
)
