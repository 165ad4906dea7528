"""Exports: every campaign, ad group, target or ad of a profile as it is now, built by Amazon as a file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mcp_ads.core import GET, POST, Context, Entity, Flow, Result, Wait

from .export_base import (
    GOES_ON,
    HOUR,
    PAUSES,
    ExportOrder,
    ExportRead,
    ExportRows,
    age,
    told_age,
)  # fmt: skip
from .export_params import OF_KIND, ExportId, Name

LEAN = ("exportId", "status", "kind", "createdAt", "generatedAt", "fileSize", "error")
EXPORT = ("exportId", "status", "kind", "createdAt", "generatedAt", "fileSize", "error.*")


class CreateExport(ExportOrder):
    """Order an export and answer with its id at once; exports.run does the whole in one call."""

    kind: Annotated[Name, OF_KIND]

    http, lean, known = POST("/campaigns/export"), LEAN, EXPORT

    def flow(self, context: Context) -> Flow:
        ordered = yield from self.order(context)
        return Result(self.without_url(ordered), {"hidden": self.left_out()})


class GetExport(ExportRead):
    """Read how far an export is: IN_PROGRESS or PROCESSING, COMPLETED or FAILED."""

    export_id: ExportId

    http, lean, known, told_by = GET("/exports/{export_id}"), LEAN, EXPORT, ("export_id",)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        return Result(self.without_url((yield from self.looked_at(self.export_id))))


class DownloadExport(ExportRows):
    """Read the rows of a finished export, within 24 hours."""

    export_id: ExportId

    http, told_by = GET("/exports/{export_id}"), ("export_id",)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        export = yield from self.looked_at(self.export_id)
        return (yield from self.rows(export, f"call exports.download with export_id {self.export_id}"))


class RunExport(ExportRows, ExportOrder):
    """Export every campaign, ad group, target or ad, wait for it and read the rows.

    With export_id it goes on with one ordered before. Rows are as of when the export was built; download
    looks at the same ones again.
    """

    said = (
        "bulk export, bulk download, everything in the account, whole account structure, all keywords, "
        "snapshot, backup of campaigns, list all targets of all ad products"
    )

    export_id: Annotated[ExportId | None, Field(exclude=True, description="Go on with this one.")] = None
    max_age_hours: Annotated[
        float,
        Field(exclude=True, ge=0, le=24, description="Takes the same export if built so lately; 0: never."),
    ] = 1

    http, sample = POST("/campaigns/export"), {"kind": "campaigns"}
    reused, resumed_alone, told_by = False, True, ("export_id",)

    def flow(self, context: Context) -> Flow:
        export_id, said, hidden = self.export_id, list[str](), ""
        if export_id is None:
            ordered = yield from self.order(context, self.max_age_hours * HOUR)
            export_id = str(ordered["exportId"])
            if ordered["status"] == "COMPLETED":
                again = "max_age_hours=0 orders a new one"
                said = [f"built {told_age(age(ordered))} ago for the same question; {again}"]
            else:
                yield Wait(PAUSES[0], {"export_id": export_id}, GOES_ON)
            hidden = self.left_out()
        export = yield from self.finished(export_id)
        result = yield from self.rows(export, f"call exports.download with export_id {export_id}")
        result.meta |= {"hidden": hidden, "warnings": [*said, *result.meta["warnings"]]}
        return result


exports = Entity(
    run=RunExport,
    create=CreateExport,
    get=GetExport,
    download=DownloadExport,
)
