"""How a report is looked at and its file fetched."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from mcp_ads.connectors.amazon_ads.dialect import SCOPE, vendor
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Json
from mcp_ads.core import GET, Account, Aside, Fetched, Progress, Request, Several, Wait
from mcp_ads.core.record_fields import ALL, unknown_fields
from mcp_ads.core.request import Columns
from mcp_ads.errors import ApiError, InvalidParams, PlatformDown, Rejected

from . import cells, metrics

STATUS = vendor(GET, "/reporting/reports/{report_id}", "getasyncreportresponse.v3")
TAGS = ("profile_id", "currency", "startDate", "endDate")
"""What rows of a run say beside the columns ordered."""
USUAL = "Amazon usually takes 1 to 20 minutes for a report, at worst 3 hours"

Steps = Generator[Request | Several | Wait | Progress | Aside, Any, Any]


class ReportRead(AmazonRead):
    """A read of reports; the profile of one that was ordered here need not be named."""

    told_by: ClassVar[tuple[str, ...]] = ()

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        """With ids as text, what is left out because it is zero, everyday columns and ratios."""
        return cells.row(record, self._asked_for)

    def to_columns(self, columns: Columns) -> Columns | None:
        return cells.by_column(columns, self._asked_for)

    @cached_property
    def _asked_for(self) -> tuple[str, ...]:
        """The columns of the answer, found once for all of its rows."""
        return self.columns()

    def shown(self, record: Json, account: Account | None) -> Json:
        return self.to_row(record, account)

    def check_fields(self, columns: Sequence[str]) -> Sequence[str]:
        """The columns named, in a report that has these; raises InvalidParams for others."""
        if not self.fields or self.fields in ALL:
            return columns
        known = [*columns, *metrics.everyday(columns), *TAGS]
        asked = self.columns()
        lacking = [name for name in asked if name in metrics.RATIOS and name not in known]
        parts = {part for name in lacking for part in metrics.RATIOS[name][:2]}
        told = [name for name in asked if name not in parts]
        if wrong := "\n".join(unknown_fields(told if lacking else asked, known)):
            raise InvalidParams(wrong)
        return asked


def status_of(report_id: str, profile_id: str, region: str = "") -> Request:
    """The request for how far a report is, and where its file is."""
    headers = {**STATUS.headers, SCOPE: profile_id}
    return Request("GET", STATUS.path.format(report_id=report_id), headers=headers, region=region)


def fetched(report: Mapping[str, Any], fresh: Request, again: str) -> Steps:
    """The file of a finished report; its address is signed and stays in here. One that has expired is asked
    for anew, by `fresh`.
    """
    try:
        found = yield _file(report)
    except ApiError:
        report = yield fresh
        try:
            found = yield _file(report)
        except ApiError as error:
            raise PlatformDown(
                f"the report is ready but its file could not be fetched: {error}",
                status=error.status,
                fix=again,
            ) from None
    assert isinstance(found, Fetched)
    return replace(found, again=again)


def columns_of(report: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns a report was ordered with."""
    return tuple((report.get("configuration") or {}).get("columns") or ())


def failure(report: Mapping[str, Any]) -> Rejected:
    """The error of a report that has no file."""
    status = str(report["status"])
    if status == "FAILED":
        says = str(report.get("failureReason") or "")
        fix = "order it again (reports.run); if that fails too, fewer days or columns"
        return Rejected("Amazon could not build the report", code=status, platform_text=says, fix=fix)
    fix = f"call reports.run with this report_id: it waits for the report; {USUAL}"
    return Rejected("the report is not finished yet", code=status, fix=fix)


def _file(report: Mapping[str, Any]) -> Request:
    return Request("GET", str(report["url"]), into_file=True)
