"""Insights: delivery and results of an account's campaigns, ad sets and ads over a range of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import GraphGet, Id
from mcp_ads.core import GET, POST, Account, Action, Column, Context, Entity, Flow, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.same_rows import once
from mcp_ads.errors import TooMuch

from . import as_ordered, metrics, own_rows, reports
from .base import SAID, Insights
from .every_page import Reader
from .params import USUAL, ActionTypes

ReportRunId = Annotated[Id, Field(examples=["6023920149050"])]
"""The id a report was ordered under."""


class ListInsights(Insights):
    """Read spend, delivery and conversions of an account by level and day: yesterday, or any days.

    Deleted and archived objects are included. Money is in major units. conversions are purchases + leads,
    each counted once; results are what each ad set is for (result_type). What is too much at
    once becomes a report by itself.
    """

    http, pages, said = GET("/act_{account_id}/insights"), CURSOR, SAID

    def to_query(self) -> Mapping[str, Any]:
        return self.wire()

    def otherwise(self) -> Action:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return RunReport.model_construct(self.model_fields_set, **given)

    def flow(self, context: Context) -> Flow:
        try:
            records = yield from Reader().all(self.to_request())
        except TooMuch:
            result = yield from self.otherwise().flow(context)
            result.meta["warnings"] = [reports.TOO_MUCH, *result.meta.get("warnings", [])]
            return result
        return self.result(once(records, self.row_names()), context.account)


class ReportOrder(Insights):
    """What ordering a report takes."""

    http, repeatable = POST("/act_{account_id}/insights"), False

    def to_query(self) -> Mapping[str, Any]:
        return {}

    def to_body(self) -> Mapping[str, Any]:
        return self.wire()


class CreateReport(ReportOrder):
    """Order a report and answer with its id at once; run does the whole in one call."""

    spooled, records = False, ""

    def columns(self) -> tuple[str, ...]:
        return ("report_run_id",)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        report_run_id = yield from reports.ordered((yield self.to_request()), self.row_names())
        return Result({"report_run_id": report_run_id})


class RunReport(ReportOrder):
    """Order a report of many rows, wait for it and read them; list is quicker for few.

    For ads by day or breakdown over months. With report_run_id it goes on with one ordered before.
    """

    report_run_id: Annotated[ReportRunId | None, Field(exclude=True, description="Go on with this one.")] = (
        None
    )

    said = "asynchronous report, report run, months of rows"

    def columns(self) -> tuple[str, ...]:
        return as_ordered.named(self.fields) if self.report_run_id else super().columns()

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """The days of a report ordered before are its own."""
        return (
            self.model_copy(update={"time_range": None})
            if self.report_run_id
            else super().settled(context, live)
        )

    def flow(self, context: Context) -> Flow:
        known = self.report_run_id
        report_run_id = known or (yield from reports.ordered((yield self.to_request()), self.row_names()))
        run = yield from reports.finished(report_run_id, self.account_id if known else "")
        records = yield from reports.READER.all(reports.rows(report_run_id))
        names = (yield from reports.names_in(known, records)) if known else self.row_names()
        found = once(records, names)
        if known and not isinstance(self, AsSent):
            for record in found.records:
                own_rows.check(record, self.account_id, context.account)
            result = found.told_in(reports.answer(found.records, self.columns(), self.action_types))
        else:
            result = self.result(found, context.account)
        result.meta |= reports.facts(run, context)
        return result


class GetReport(GraphGet):
    """Read how far a report is, or its rows once it is done; run waits for it."""

    report_run_id: ReportRunId
    fields: Annotated[list[str] | None, Field(exclude=True, description="Some of its columns.")] = None
    action_types: ActionTypes = None

    http, subject, spooled = GET("/{report_run_id}"), "report_run_id", True
    alike = metrics.ALIKE

    def mistakes(self) -> Iterable[str]:
        return ()

    def columns(self) -> tuple[str, ...]:
        return as_ordered.named(self.fields)

    def basis(self) -> str:
        return f"fb: as ordered, by default {USUAL} (or the ad set's own setting)"

    def kinds(self) -> Mapping[str, Column]:
        return metrics.KINDS

    def to_query(self) -> Mapping[str, Any]:
        return {"fields": ",".join(reports.STATUS)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        return record

    def flow(self, context: Context) -> Flow:
        run = yield self.to_request()
        if not reports.is_done(run):
            return reports.unfinished(run)
        records = yield from reports.READER.all(reports.rows(self.report_run_id))
        found = once(records, (yield from reports.names_in(self.report_run_id, records)))
        if isinstance(self, AsSent):
            result = Result(found.records)
        else:
            result = reports.answer(found.records, self.columns(), self.action_types)
        result = found.told_in(result)
        result.meta |= reports.facts(run, context)
        return result


ads_insights = Entity(list=ListInsights, create_report=CreateReport, get_report=GetReport, run=RunReport)
