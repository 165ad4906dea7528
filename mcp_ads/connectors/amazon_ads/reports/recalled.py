"""What was ordered before: runs and single reports as they were noted, for later calls and processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mcp_ads.core import Context, Contexts, Recall, Recalled
from mcp_ads.errors import InvalidParams, Rejected

from .order import named_columns
from .runs import KEPT, PREFIX, TAGS, Part, Run
from .steps import Steps


def restored(id_: str, facts: Mapping[str, Any]) -> Run | None:
    """A run as it was noted; None for one of another shape."""
    try:
        parts = [Part(**{name: part[name] for name in KEPT}) for part in facts["parts"]]
        warnings = [str(warning) for warning in facts["warnings"]]
        run = Run(id_, dict(facts["order"]), parts, bool(facts["whole"]), warnings=warnings)
        _ = [date.fromisoformat(day) for part in parts for day in (part.since, part.until)]
        texts = all(isinstance(getattr(part, name), str) for part in parts for name in KEPT[:-1])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return run if parts and texts and all(isinstance(part.tries, int) for part in parts) else None


def recalled(report_id: str, owners: Sequence[str]) -> Steps:
    """The run of this id as it was noted, with its profiles, which have to be ones that may be used.

    Raises Rejected for one that nobody noted, InvalidParams for `owners` that are none of its.
    """
    found = yield Recall(report_id)
    run = restored(report_id, found.facts) if isinstance(found, Recalled) else None
    if run is None:
        fix = "order it again with reports.run: what is the same is taken, not built twice"
        raise Rejected(f"report_id: no run {report_id} is kept here; runs are kept for 3 days", fix=fix)
    contexts = yield Contexts(tuple(run.profiles))
    run.contexts = dict(zip(run.profiles, contexts, strict=True))
    _check_owners(run, report_id, owners)
    return run


def known_or_one(report_id: str, owners: Sequence[str], context: Context) -> Steps:
    """The run of an id, or one of the single report that it is. Raises as `recalled`."""
    if is_run(report_id):
        return (yield from recalled(report_id, owners))
    found = yield Recall(report_id)
    run = restored("", found.facts) if isinstance(found, Recalled) else None
    if run is None:
        day = str(context.today)
        return Run("", {}, [Part(owners[0], day, day, report_id)])
    _check_owners(run, report_id, owners)
    run.parts[0].status, run.whole = "", False
    return run


def of_ordered(report_id: str, fields: list[str] | None) -> tuple[str, ...]:
    """The columns of what was ordered before: those named, those of a run with whose each row is."""
    named = named_columns(tuple(fields or ()))
    return tuple(dict.fromkeys([*TAGS, *named])) if named and is_run(report_id) else named


def is_run(report_id: str) -> bool:
    return report_id.startswith(PREFIX)


def _check_owners(run: Run, report_id: str, owners: Sequence[str]) -> None:
    if others := [owner for owner in owners if owner not in run.profiles]:
        of = ", ".join(run.profiles)
        raise InvalidParams(f"profile_id: {report_id} is of {of}, not of {', '.join(others)}")
