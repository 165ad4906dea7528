"""Reports: ordered, built by Amazon within seconds or hours, then fetched as a file from a signed address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.record_names import REPORT
from mcp_ads.connectors.amazon_ads.types import Amazon, Json
from mcp_ads.core import DELETE, Column, Context, Entity, Flow, Note, Result, Write
from mcp_ads.errors import ApiError

from . import metrics, rows, windows
from .listing import ListReportTypes, type_of
from .order import ID, ReportOrder, column_kinds, explained, order_name, order_request, refuse
from .recalled import is_run, known_or_one, of_ordered, recalled
from .run import RunReport
from .runs import DUPLICATE, Part, ReportId, Run
from .steps import STATUS, ReportRead, status_of

LEAN = ("reportId", "status", "startDate", "endDate", "configuration.reportTypeId", "failureReason")
PARTS = ("profile_id", "since", "until", "status", "report_id", "reason")

Type = Annotated[str, Field(examples=["spCampaigns"], description="reports.types lists them.")]


class CreateReport(ReportOrder):
    """Order a report and answer with its id at once; reports.run does the whole in one call."""

    report_type: Type

    lean = LEAN

    def columns(self) -> tuple[str, ...]:
        return self.lean

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if call.time_range:
            kind, days = type_of(self.report_type), call.time_range.days
            refuse(windows.mistakes(kind, days, context.today))
            refuse(windows.too_long(kind.name, days, kind.max_days))
        return call

    def flow(self, context: Context) -> Flow:
        kind = type_of(self.report_type)
        assert self.time_range
        days, early = windows.clamped(kind, self.time_range.days, context.today)
        body = {**self.to_body(), "startDate": str(days[0])}
        try:
            report = yield order_request(self.profile_id, "", body)
        except ApiError as error:
            existing = ID.search(error.platform_text)
            if error.status != DUPLICATE or not existing:
                raise explained(error, kind.name) from None
            report = yield status_of(existing[0], self.profile_id)
        id_ = str(report["reportId"])
        yield Note(order_name(self.profile_id, body), {"report_id": id_}, self.profile_id, (id_,))
        warnings = [*filter(None, [early, *self.unsure_of()])]
        part = Part(self.profile_id, str(days[0]), str(days[1]), id_, str(report["status"]))
        order: Json = {name: body[name] for name in ("name", "configuration") if name in body}
        yield from Run("", order, [part], warnings=warnings).note()
        return Result(_without_url(report), {"warnings": warnings})


class GetReport(ReportRead):
    """Read how far a report is: PENDING, PROCESSING, COMPLETED or FAILED; of a run_…, each of its reports."""

    report_id: ReportId

    http, lean, known = STATUS, LEAN, REPORT
    subject, told_by = "report_id", ("report_id",)

    def names(self) -> tuple[str, ...]:
        return PARTS if is_run(self.report_id) else self.known

    def columns(self) -> tuple[str, ...]:
        return PARTS if is_run(self.report_id) else super().columns()

    def flow(self, context: Context) -> Flow:
        if not is_run(self.report_id):
            yield from known_or_one(self.report_id, [self.profile_id], context)
            report = yield status_of(self.report_id, self.profile_id)
            return Result(_without_url(report))
        run = yield from recalled(self.report_id, [self.profile_id])
        yield from run.looked_at([part for part in run.open if part.report_id])
        yield from run.note()
        parts = [{**part.noted(), "status": part.status or "not ordered yet"} for part in run.parts]
        return Result(parts, {"accounts": rows.accounts(run)} if len(run.contexts) > 1 else {})


class DownloadReport(ReportRead):
    """Read the rows of a finished report, or of what is finished of a run_…."""

    report_id: ReportId

    http, spooled, alike, told_by = STATUS, True, metrics.ALIKE, ("report_id",)

    def columns(self) -> tuple[str, ...]:
        return of_ordered(self.report_id, self.fields)

    def kinds(self) -> Mapping[str, Column]:
        return column_kinds()

    def flow(self, context: Context) -> Flow:
        run = yield from known_or_one(self.report_id, [self.profile_id], context)
        yield from run.looked_at([part for part in run.parts if part.report_id])
        yield from run.note()
        return (yield from rows.table(run, self, context, tagged=bool(run.id and self.fields)))


class CancelReport(Amazon, Write):
    """Cancel a report that Amazon has not begun to build (PENDING)."""

    report_id: ReportId

    http = vendor(DELETE, "/reporting/reports/{report_id}", "deleteasyncreportresponse.v3")
    subject, does, watch, told_by = "report_id", "acts", ("status",), ("report_id",)
    irreversible = "a cancelled report is gone; reports.run orders it again"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if is_run(self.report_id):
            raise ValueError("report_id: reports.get of a run names its reports; cancel takes one of them")
        return self

    def sets(self) -> Json:
        return {}

    def effect(self) -> str:
        return "cancels the order of this report: it will have no rows"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        status = live.get("status")
        return "" if status in (None, "PENDING") else f"it is {status}: Amazon cancels PENDING reports only"


def _without_url(report: Json) -> Json:
    """The signed address is a credential."""
    return {name: value for name, value in report.items() if name not in ("url", "urlExpiresAt")}


reports = Entity(
    run=RunReport,
    types=ListReportTypes,
    create=CreateReport,
    get=GetReport,
    download=DownloadReport,
    cancel=CancelReport,
)
