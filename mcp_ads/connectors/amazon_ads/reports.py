"""Reports: ordered, built by Amazon within seconds or hours, then fetched as a file from a signed address."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.core import GET, POST, Context, Entity, Progress, Read, Request, Result, Span, Steps, Wait
from mcp_ads.errors import ApiError, AuthError, InvalidParams, PlatformDown, Rejected

from .dialect import vendor
from .report_types import ReportType, catalogue, unknown_type
from .types import ACCOUNT, AmazonRead, Json, upper

ORDER = vendor(POST, "/reporting/reports", "createasyncreportrequest.v3", "createasyncreportresponse.v3")
STATUS = vendor(GET, "/reporting/reports/{report_id}", "getasyncreportresponse.v3")
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
DUPLICATE = 425
MISSES = 3
LEAN = ("reportId", "status", "startDate", "endDate", "configuration.reportTypeId", "failureReason")
_ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

Polls = Generator[Request | Wait | Progress, Any, Json]
ReportId = Annotated[str, Field(pattern=r"^[\w-]{8,64}$", examples=["0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"])]
Type = Annotated[str, Field(examples=["spCampaigns"], description="reports.types lists them.")]
Columns = Annotated[
    list[str] | None,
    Field(exclude=True, min_length=1, description="Columns to order; reports.types with report_type lists them."),
]
Days = Annotated[
    Span | None,
    Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31; at most 31 days."),
]
ALSO = {**ACCOUNT, "columns": "fields", "report_type_id": "report_type", "date_range": "time_range"}


class ListReportTypes(Read):
    """List the report types; with report_type, the columns of one. Asks nothing of Amazon."""

    report_type: Annotated[str | None, Field(description="Such as spSearchTerm.")] = None

    http, also = ORDER, {"report_type_id": "report_type"}

    def steps(self, context: Context) -> Steps:  # noqa: ARG002 - the same everywhere
        yield from ()
        if self.report_type is None:
            return Result([_type_row(each) for each in catalogue().values()])
        kind = _type_of(self.report_type)
        return Result(
            [
                {"column": column, "needs_group_by": group or None, "default": column in kind.default}
                for column, group in kind.known(kind.group_by).items()
            ],
            {"group_by": ", ".join(kind.group_by), "filters": kind.filters},
        )


class ReportRead(AmazonRead):
    """What reading a report takes: its status until it is done, then its file."""

    def status(self, report_id: str) -> Request:
        headers = {**self.to_headers(), "Accept": STATUS.headers["Accept"]}
        headers.pop("Content-Type", None)
        return Request("GET", STATUS.path.format(report_id=report_id), headers=headers)

    def finished(self, report_id: str) -> Polls:
        """Polls until the report is done; an answer 401 now and then is Amazon's, not the credentials'."""
        misses = 0
        for poll in range(1000):
            try:
                report = yield self.status(report_id)
            except AuthError as error:
                misses += 1
                if error.status != 401 or misses > MISSES:  # noqa: PLR2004
                    raise
            else:
                if report["status"] in ("COMPLETED", "FAILED"):
                    return dict(report)
                yield Progress(poll, poll + 2, f"report {report['status']}")
            yield Wait(PAUSES[min(poll, len(PAUSES) - 1)], {"report_id": report_id})
        raise AssertionError("a call's time ends before")

    def rows(self, report: Json, context: Context) -> Steps:
        """The rows of a finished report; its address is signed and stays in here."""
        _check_done(report)
        try:
            found = yield Request("GET", str(report["url"]))
        except ApiError as error:
            raise PlatformDown(
                "the report is ready but its file could not be fetched",
                status=error.status,
                fix="call reports.download with this report_id: every call gets a fresh address",
            ) from None
        columns = (report.get("configuration") or {}).get("columns") or ()
        zone = context.account.timezone if context.account else "UTC"
        meta = {"report_id": report["reportId"], "range": f"{report['startDate']}..{report['endDate']} {zone}"}
        return Result([_row(each, columns) for each in found], meta)


class ReportOrder(ReportRead):
    """What ordering a report takes."""

    report_type: Type
    time_range: Days = Span(preset="last_30d")
    time_unit: Annotated[
        Literal["SUMMARY", "DAILY"], BeforeValidator(upper), Field(description="DAILY: a row a day.")
    ] = "SUMMARY"
    group_by: Annotated[list[str] | None, Field(description="Such as campaign, adGroup for spCampaigns.")] = None
    fields: Columns = None
    filters: Annotated[
        list[Json] | None, Field(description='[{"field": "campaignStatus", "values": ["ENABLED"]}]')
    ] = None
    name: Annotated[str | None, Field(max_length=100)] = None

    http, also, repeatable = ORDER, ALSO, False

    @model_validator(mode="after")
    def _possible(self) -> Self:
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
        if call.time_range and (mistakes := list(_type_of(self.report_type).late(*call.time_range.days, context.today))):
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

    report_type: Annotated[Type | None, Field(description="reports.types lists them; needed without report_id.")] = None
    report_id: Annotated[ReportId | None, Field(exclude=True, description="Of a report ordered before.")] = None

    spooled = True
"""
