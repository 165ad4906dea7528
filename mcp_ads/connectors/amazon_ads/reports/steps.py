"""How a report is waited for and fetched."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from mcp_ads.connectors.amazon_ads.dialect import SCOPE, vendor
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Json
from mcp_ads.core import GET, Account, Context, Flow, Progress, Request, Result, Wait
from mcp_ads.core.record_fields import ALL, resolved, unknown_fields
from mcp_ads.errors import ApiError, AuthError, InvalidParams, PlatformDown, Rejected

from . import metrics, whole_account

STATUS = vendor(GET, "/reporting/reports/{report_id}", "getasyncreportresponse.v3")
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
MISSES = 3
UNAUTHORIZED = 401

Polls = Generator[Request | Wait | Progress, Any, Json]


class ReportRead(AmazonRead):
    """What reading a report takes: its status until it is done, then its file."""

    def status(self, report_id: str) -> Request:
        headers = {**STATUS.headers, SCOPE: self.profile_id}
        return Request("GET", STATUS.path.format(report_id=report_id), headers=headers)

    def finished(self, report_id: str) -> Polls:
        """Polls until the report is done; an answer 401 now and then is Amazon's, not the credentials'."""
        misses = 0
        for poll in range(1000):
            try:
                report = yield self.status(report_id)
            except AuthError as error:
                misses += 1
                if error.status != UNAUTHORIZED or misses > MISSES:
                    raise
            else:
                if report["status"] in ("COMPLETED", "FAILED"):
                    return dict(report)
                yield Progress(poll, poll + 2, f"report {report['status']}")
            yield Wait(PAUSES[min(poll, len(PAUSES) - 1)], {"report_id": report_id})
        raise AssertionError("a call's time ends before")

    def rows(self, report: Json, context: Context, *, whole: bool = False) -> Flow:
        """The rows of a finished report, or of its whole account; its address is signed and stays in here."""
        _check_done(report)
        columns = tuple((report.get("configuration") or {}).get("columns") or ())
        asked = self._shown(columns)
        again = f"call reports.download with report_id {report['reportId']}: every call gets a fresh address"
        try:
            found = yield Request("GET", str(report["url"]), into_file=True)
        except ApiError as error:
            raise PlatformDown(
                f"the report is ready but its file could not be fetched: {error}",
                status=error.status,
                fix=again,
            ) from None
        zone = context.account.timezone if context.account else "UTC"
        meta = {
            "report_id": report["reportId"],
            "range": f"{report['startDate']}..{report['endDate']} {zone}",
        }
        if basis := metrics.basis(asked or columns, columns):
            meta["basis"] = basis
        through = partial(_records, columns=columns, whole=whole)
        return Result(replace(found, again=again, through=through), meta)

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        """With ids as text, what is left out because it is zero, everyday columns and ratios."""
        return metrics.row(record, self._asked_for)

    @cached_property
    def _asked_for(self) -> tuple[str, ...]:
        """The columns of the answer, found once for all of its rows."""
        return self.columns()

    def _shown(self, columns: Sequence[str]) -> list[str]:
        """The columns named, in a report that has these; raises InvalidParams for others."""
        if not self.fields or self.fields in ALL:
            return []
        known = [*columns, *metrics.everyday(columns)]
        asked = resolved(self.fields, known, metrics.ALIKE)
        if wrong := "\n".join(unknown_fields(asked, known)):
            raise InvalidParams(wrong)
        return asked


def _check_done(report: Json) -> None:
    """Raise what to do when there is no file to fetch."""
    status = report["status"]
    if status == "FAILED":
        says = str(report.get("failureReason") or "")
        fix = "order it again; if that fails too, fewer days or columns"
        raise Rejected("Amazon could not build the report", code=status, platform_text=says, fix=fix)
    if status != "COMPLETED":
        fix = "call reports.run with this report_id: it waits for the report"
        raise Rejected("the report is not finished yet", code=status, fix=fix)


def _records(found: Iterable[Json], *, columns: tuple[str, ...], whole: bool) -> Iterable[Json]:
    """Records in the order of the columns ordered, with all of them; of a whole account, their sums."""
    lacking = dict.fromkeys(columns)
    records = ({**lacking, **record} for record in found)
    return whole_account.summed(records) if whole else records
