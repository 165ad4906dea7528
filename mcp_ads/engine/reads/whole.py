"""Every row of one call, wherever they come from: a recipe, files, all pages of a list, or one answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Fetched, Files, Result
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.page_records import STRANGE, found_in, strange
from mcp_ads.core.recipe import Report
from mcp_ads.engine.records.blocks import RowsOfFiles
from mcp_ads.engine.records.packed import Packer
from mcp_ads.engine.records.spool import Rows
from mcp_ads.engine.wire.flows import drive, is_recipe
from mcp_ads.engine.wire.pages import ONWARD, Collected, Place, begun_at, gather
from mcp_ads.errors import AuthError

from .missing import asked_ids, check_asked_for, missing_warning, named
from .unread import PARTIAL, lacking

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

ONE_PAGE = "one page of what the platform has: `next` asks for the one after"
INSTEAD = "{}: found in another way"
NOT_ALL = "these are not all rows; coverage says why"
MOST = 100_000
"""Rows of a list that are read for one answer; what an answer leaves out it says as `coverage`."""


@dataclass
class Whole:
    """The rows of a call as they are shown, as often as they are wanted; close it when they are not.

    `result` has what is said of them. Without `rows` it is the answer itself: what is not finished, or no
    table. `accounts` are those whose rows they are, where only the rows tell, each with its connector. The
    rows of a `long` list are not in the result as well: they are made anew whenever they are wanted.
    """

    result: Result
    rows: Rows | None = None
    long: bool = field(default=False, kw_only=True)
    accounts: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    def close(self) -> None:
        """Be done with the files the rows came in."""
        for part in _files(self.result.data).files:
            part.file.close()


async def whole(
    session: Session, call: Action, account: Account | None, report: Report | None = None
) -> Whole:
    """All rows there are, of a list at most `MOST`. Raises AdsError where there are none at all.

    Where the list is cut short, `meta.coverage` says after how many rows and by what; where items were
    refused, which and why.
    """
    found = await _read(session, call, account, report)
    if found.rows and found.result.errors and isinstance(found.result.data, list):
        ids = getattr(call, call.subject) if call.subject else ()
        found.result.meta |= lacking(found.result, ids if isinstance(ids, list) else ())
    if found.result.partial:
        found.result.meta["coverage"] = found.result.meta.get("coverage") or found.result.partial
    if found.result.meta.get("coverage"):
        found.result.meta.setdefault(PARTIAL, NOT_ALL)
    return found


async def _read(session: Session, call: Action, account: Account | None, report: Report | None) -> Whole:
    if is_recipe(call) or not (call.pages or call.records):
        result = await drive(session, call, session.context(account), report=report)
        if not (is_recipe(call) or call.subject or isinstance(result.data, list)):
            raise strange(STRANGE)
        if "next" in result.meta:
            result.meta["coverage"] = result.meta.get("coverage") or ONE_PAGE
        return Whole(result, _rows(result, call, account))
    if call.pages:
        return await _of_pages(session, call, account)
    records = found_in(await session.send(call.to_request(), account), call.records, call.total)
    if not isinstance(records, list):
        return Whole(Result(records, columns=call.columns()))
    if call.subject:
        result = named(session, call, records, account)
        return Whole(result, _rows(result, call, account))
    shown = [call.shown(record, account) for record in records]
    return Whole(Result(shown, columns=call.columns()), lambda: shown)


async def _of_pages(session: Session, call: Action, account: Account | None) -> Whole:
    """All pages; where the platform refuses these, all rows in the action's other way."""
    packer = Packer()
    try:
        found = await gather(session, call, MOST + 1, account, begun_at(Place()), show=packer.pack)
    except AuthError as error:
        if (other := call.instead(error)) is None:
            raise
        result = await drive(session, other, session.context(account))
        result.meta["warnings"] = [INSTEAD.format(error), *result.meta.get("warnings", [])]
        return Whole(result, _rows(result, call, account))
    records = packer.packed(found.records[:MOST])
    told, ids = call.told(records), asked_ids(session, call)
    check_asked_for(session, call, ids, records)
    warnings = [*found.doubts.said(), *told.get("warnings", [])]
    if ids and not found.warnings:
        warnings += missing_warning(session, call, ids, records)
    left_out = call.unseen() if isinstance(call, Hiding) else call.left_out()
    meta = {**cut_at(found, MOST), "warnings": warnings}
    meta["hidden"] = "; ".join(dict.fromkeys(filter(None, [left_out, told.get("hidden")])))
    meta |= {"in_part": told["in_part"]} if told.get("in_part") else {}
    rows = partial(map, lambda record: call.shown(record, account), records)
    if records.long:
        return Whole(Result([], meta, columns=call.columns()), rows, long=True)
    shown = [*rows()]
    return Whole(Result(shown, meta, columns=call.columns()), lambda: shown)


def cut_at(found: Collected, most: int) -> dict[str, Any]:
    """What is said of a list of which not all was read, or only so many rows are shown."""
    said = "; ".join(found.warnings).replace(ONWARD, "")
    if len(found.records) > most or (found.after and not said):
        return {"coverage": f"the first {most:,} rows; narrow the list down"}
    return {"coverage": f"the first {len(found.records):,} rows: {said}"} if said else {}


def _rows(got: Result, call: Action, account: Account | None) -> Rows | None:
    """The rows of a result, as they are shown; None where it is no table."""
    if isinstance(got.data, list):
        return lambda: got.data
    if not isinstance(got.data, Fetched | Files):
        return None
    files = _files(got.data)
    return lambda: RowsOfFiles(files, call, account)


def _files(data: Any) -> Files:
    """The files that data stands for; of data that is rows already, none."""
    return data if isinstance(data, Files) else Files((data,) if isinstance(data, Fetched) else ())
