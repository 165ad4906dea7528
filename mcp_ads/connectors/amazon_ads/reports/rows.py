"""The rows of a run's reports as one table, and what is to be known of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from mcp_ads.connectors.amazon_ads.types import Json
from mcp_ads.core import Context, Fetched, Files, Flow, Result
from mcp_ads.core.request import Layout
from mcp_ads.errors import Rejected

from . import metrics, whole_account
from .catalogue import catalogue
from .order import explained, refuse
from .runs import TAGS, TRIES, Part, Run, failed
from .steps import ReportRead, columns_of, failure, fetched
from .windows import provisional

MOST_ADDED = 4 * 2**20
"""Bytes of packed files that are added up in memory: some 100,000 rows."""
NOT_ADDED = "rows are not added up: one of each window of days; startDate, endDate in fields say which"
"""Said where they are too many, or where the report lacks what tells them apart."""
DAYS = ("startDate", "endDate")
MINUTE, HOUR = 60, 3600
REFUSED = "Amazon refuses the order of all these reports"


def table(run: Run, call: ReportRead, context: Context, *, tagged: bool = False, whole: bool = False) -> Flow:
    """The rows of the reports that are finished. Raises Rejected where none is.

    `tagged` says that each row says whose it is also where all are one profile's, and `whole` that rows are
    added up for the account.
    """
    done = [part for part in run.parts if part.status == "COMPLETED"]
    if not done:
        raise _nothing(run)
    for part in done:
        if not part.report:
            part.met((yield run.status(part)))
    columns = columns_of(done[0].report)
    shown, whole, named = call.check_fields(columns), whole or run.whole, set(call.columns())
    refuse(whole_account.not_of_an_account(named) if whole else ())
    tagged = tagged or len(run.profiles) > 1 or not named.isdisjoint(TAGS)
    apart = not _daily(done[0]) and _windows(done) > 1
    files: list[Fetched] = []
    for part in done:
        id_ = run.id or part.report_id
        again = f"call reports.download with report_id {id_}: every call gets a fresh address"
        file = yield from fetched(part.report, run.status(part), again)
        layout = Layout(columns, _tags(run, part, context, named, tagged=tagged))
        files.append(Fetched(file.file, file.size, file.media, again, layout))
    meta, warnings = _facts(run, done, context, shown), [*run.warnings]
    through: Any = whole_account.summed if whole else iter
    if apart and not whole:
        through, said = _over_windows(files, done[0].report.get("configuration") or {})
        warnings.append(said)
    meta["warnings"] = [*filter(None, [_coverage(run), *warnings])]
    if missing := _missing(run):
        meta["coverage"] = f"{len(done)} of {len(run.parts)} reports; missing: {missing}"
    data = Files(tuple(files), through) if len(files) > 1 or whole else files[0]
    return Result(data, {name: value for name, value in meta.items() if value})


def _over_windows(files: Sequence[Fetched], configuration: Mapping[str, Any]) -> tuple[Any, str]:
    """How rows of several windows become one row of each thing, and what to say of that."""
    kind, columns = (
        catalogue().get(str(configuration.get("reportTypeId"))),
        configuration.get("columns") or (),
    )
    identity = kind.identity(configuration.get("groupBy") or ()) if kind else []
    if not identity or not set(identity) <= set(columns) or sum(file.size for file in files) > MOST_ADDED:
        return iter, NOT_ADDED
    empty = ", ".join(whole_account.not_added([name for name in columns if name not in identity]))
    said = f"{empty}: empty, since they do not add up over windows of days" if empty else ""
    return partial(whole_account.over_windows, identity=identity), said


def _tags(run: Run, part: Part, context: Context, named: Collection[str], *, tagged: bool) -> Json:
    currency = run.contexts.get(part.profile_id, context).currency
    whose = {"profile_id": part.profile_id, "currency": currency} if tagged else {}
    of_days = (run.id and not _daily(part)) or not set(DAYS).isdisjoint(named)
    return {**whose, **({"startDate": part.since, "endDate": part.until} if of_days else {})}


def _daily(part: Part) -> bool:
    return bool((part.report.get("configuration") or {}).get("timeUnit") == "DAILY")


def _windows(parts: Iterable[Part]) -> int:
    """How many windows of days there are of the profile that has most."""
    owners = [part.profile_id for part in parts]
    return max(owners.count(owner) for owner in set(owners))


def _facts(run: Run, done: Sequence[Part], context: Context, shown: Sequence[str]) -> Json:
    """What an answer says of the reports that its rows are from."""
    columns = columns_of(done[0].report)
    contexts = run.contexts or {done[0].profile_id: context}
    until = max(date.fromisoformat(str(part.report["endDate"])) for part in done)
    today = min(known.today for known in contexts.values())
    age = max(part.age for part in done)
    return {
        "report_id": run.id or done[0].report_id,
        "range": "; ".join(dict.fromkeys(_range(run, owner, contexts) for owner in run.profiles)),
        "accounts": accounts(run),
        "basis": metrics.basis(shown or columns, columns),
        "ordered": min(str(part.report.get("createdAt") or "") for part in done),
        "age": f"{_spoken(age)}: an earlier call ordered the same; fresh=true orders it anew" if age else "",
        "provisional_from": provisional(metrics.ordered(shown, columns), until, today),
    }


def _range(run: Run, owner: str, contexts: dict[str, Context]) -> str:
    own = [part for part in run.parts if part.profile_id == owner and part.status == "COMPLETED"]
    known = contexts.get(owner)
    zone = known.account.timezone if known and known.account else "UTC"
    since = min((str(part.report["startDate"]) for part in own), default="none")
    return f"{since}..{max((str(part.report['endDate']) for part in own), default='none')} {zone}"


def accounts(run: Run) -> str:
    """The profiles of a run of several, with their currencies and regions."""
    found = [known.account for known in run.contexts.values() if known.account]
    named = (f"{account.id} ({account.currency}, {account.region})" for account in found)
    return ", ".join(named) if len(found) > 1 else ""


def _coverage(run: Run) -> str:
    """A warning where the rows are not all that was ordered."""
    if not _missing(run):
        return ""
    again = f"reports.run with report_id {run.id} waits for them, and orders again what failed"
    if all(part.tries >= TRIES for part in run.parts if part.status != "COMPLETED"):
        again = "they are not ordered again by this id: order other days or columns"
    return f"PART OF THE WHOLE: sums and rows lack these reports ({_missing(run)}); {again}"


def _missing(run: Run) -> str:
    lacking = [part for part in run.parts if part.status != "COMPLETED"]
    return "; ".join(
        f"{part.profile_id} {part.since}..{part.until} {part.status or 'not ordered yet'}"
        + (f" ({part.reason[:200]})" if part.reason else "")
        for part in lacking
    )


def _nothing(run: Run) -> Rejected:
    """The error of a run of which no report has a file."""
    if not run.id:
        return failure(run.parts[0].report)
    lost = list(failed(run))
    if len(lost) < len(run.parts):
        return failure({"status": "PENDING"})
    again = f"call reports.run with report_id {run.id}: it orders them again; else fewer days or columns"
    spent = f"ordered {TRIES} times in vain: fewer days or columns"
    reasons = list(dict.fromkeys(part.reason for part in lost))
    if all(part.status == "REFUSED" and part.tries >= TRIES for part in lost):
        fix = "order it with what Amazon takes: this id is not ordered again"
        error = Rejected(REFUSED, code="REFUSED", platform_text="; ".join(reasons), fix=fix)
        return explained(error, run.type) if len(reasons) == 1 else error
    fix = again if any(part.tries < TRIES for part in lost) else spent
    says = "; ".join(reasons)
    return Rejected("Amazon could not build any of these reports", code="FAILED", platform_text=says, fix=fix)


def _spoken(seconds: float) -> str:
    if seconds < HOUR:
        return f"{max(1, round(seconds / MINUTE))} min"
    return f"{seconds / HOUR:.1f} h"
