"""Reports Facebook makes by and by: ordered, looked after until they are done, and read page by page."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from mcp_ads.core import Context, Note, Progress, Recall, Recalled, Request, Result, Wait
from mcp_ads.errors import PlatformDown, Rejected

from . import action_columns, as_ordered, metrics, row_names
from .every_page import Reader, Records

STATUS = (
    "id", "account_id", "async_status", "async_percent_completion", "is_running", "date_start", "date_stop",
    "time_ref", "time_completed", "error_code", "error_message", "error_subcode", "error_user_title",
    "error_user_msg",
)  # fmt: skip
DONE, ENDED = "Job Completed", {"Job Failed": "failed", "Job Skipped": "was skipped, or is no longer kept"}
"""The states a report stays in."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
HUNDRED = 100
TOO_LARGE, TOO_LARGE_CODE = {1504045}, -3
"""Of a report that fails however often it is ordered."""
READER = Reader(page=1000, least=25, most=50_000, begun=HUNDRED)
"""How rows of a report are read: it is finished, so that larger pages cost little."""
AGAIN = "call ads_insights.run with the same parameters and"
TOO_MUCH = "too much for Facebook to answer at once: these are the rows of a report it made instead"
Run = Mapping[str, Any]
Polls = Generator[Request | Wait | Progress, Any, Run]
Asides = Generator[Note | Recall, Any, tuple[str, ...]]


def run_id(answer: Any) -> str:
    """The id of the report that was ordered. Raises PlatformDown for an answer without one."""
    found = answer.get("report_run_id") if isinstance(answer, dict) else None
    if not str(found or "").isdecimal():
        raise PlatformDown("the answer names no report", fix="call again in a minute")
    return str(found)


def status(report_run_id: str) -> Request:
    return Request("GET", f"/{report_run_id}", {"fields": ",".join(STATUS)})


def rows(report_run_id: str) -> Request:
    return Request("GET", f"/{report_run_id}/insights")


def finished(report_run_id: str, account_id: str = "") -> Polls:
    """Looks until the report is done. Raises Rejected when it will not be, or is not this account's."""
    furthest, resume = -1, {"report_run_id": report_run_id}
    yield Wait(0.0, resume, AGAIN)
    for poll in range(10_000):
        run: Run = yield status(report_run_id)
        if account_id and str(run.get("account_id", "")).removeprefix("act_") != account_id:
            raise Rejected(f"report_run_id: no report of account {account_id}")
        if is_done(run):
            return run
        if said := failure(run):
            raise said
        if (percent := _percent(run)) > furthest:
            furthest = percent
            yield Progress(percent, HUNDRED, f"report: {run.get('async_status')}")
        yield Wait(PAUSES[min(poll, len(PAUSES) - 1)], resume, AGAIN)
    raise AssertionError("a call's time ends before")


def is_done(run: Run) -> bool:
    """Whether all rows are there: Facebook says that a report is completed a little before."""
    return run.get("async_status") == DONE and _percent(run) == HUNDRED


def failure(run: Run) -> Rejected | None:
    """Why a report will never be done, with Facebook's reason; None while it may."""
    state = str(run.get("async_status", ""))
    if state not in ENDED:
        return None
    said = [run.get("error_user_title"), run.get("error_user_msg") or run.get("error_message")]
    codes = [str(run[name]) for name in ("error_code", "error_subcode") if run.get(name)]
    large = run.get("error_subcode") in TOO_LARGE or run.get("error_code") == TOO_LARGE_CODE
    less = "fewer days, fields or breakdowns"
    return Rejected(
        f"Facebook did not finish the report: it {ENDED[state]}",
        code="/".join(codes) or state,
        platform_text=". ".join(str(part).rstrip(".") for part in said if part),
        fix=f"it is too large: order one of {less}"
        if large
        else f"order it again with ads_insights.run; if that fails too, {less}",
    )


def _percent(run: Run) -> int:
    found = run.get("async_percent_completion")
    return found if isinstance(found, int) else 0


def unfinished(run: Run) -> Result:
    """A report that has no rows, as it stands, with what to do."""
    found = {name: run[name] for name in STATUS if run.get(name) is not None}
    said = failure(run)
    do = (
        f"{said}; {said.fix}"
        if said
        else "not finished yet; ads_insights.run with report_run_id waits for it"
    )
    return Result(found, {"warnings": [do]} | ({} if said else {"pending": True}))


def ordered(answer: Any, names: Sequence[str]) -> Generator[Note, Any, str]:
    """The id of the report that was ordered; what names its rows is noted for calls that go on with it."""
    found = run_id(answer)
    yield Note(f"insights-{found}", {"names": [*names]})
    return found


def names_in(report_run_id: str, records: Records) -> Asides:
    """What names the rows of a report ordered before: as written down, or as its rows tell."""
    noted = yield Recall(f"insights-{report_run_id}")
    names = noted.facts.get("names") if isinstance(noted, Recalled) else None
    return tuple(map(str, names)) if isinstance(names, list) else row_names.of_records(records)


def answer(records: Records, asked: Sequence[str], types: Sequence[str] | None) -> Result:
    """The rows of a report ordered before; of no columns asked for, all."""
    rows, columns = as_ordered.rows_of(records, asked, types)
    hidden = action_columns.left_out(records, columns) if list(types or ()) not in action_columns.ALL else ""
    empty = [] if records else ["no rows: nothing was delivered in its days, or its breakdowns give none"]
    named = [name for name in types or () if not metrics.columns_in([name])]
    empty += [] if named in action_columns.ALL else action_columns.absent(records, named)
    return Result(rows, {"hidden": hidden, "warnings": empty}, columns=columns)


def facts(run: Run, context: Context) -> dict[str, Any]:
    """What an answer says of the report that its rows are from."""
    zone = context.account.timezone if context.account else "UTC"
    known = run.get("date_start") and run.get("date_stop")
    days = {"range": f"{run['date_start']}..{run['date_stop']} {zone}"} if known else {}
    return {"report_run_id": str(run.get("id", "")), **days}
