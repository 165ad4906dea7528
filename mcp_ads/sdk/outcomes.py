"""What became of a write, where a program cannot overlook it: what was not wholly done is raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from mcp_ads import errors as tree
from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.errors import (
    AdsError,
    HostRefused,
    InvalidParams,
    OutcomeUnknown,
    PartlyDone,
    Rejected,
    UnknownPlan,
)

from .backend import Answered
from .record import answer_record


def status_of(data: Mapping[str, Any]) -> str:
    """What became of a write, of all its objects together: "done" is said where each of them is."""
    states = {str(row.get("state", "")) for row in data.get("rows") or [data]}
    if "unknown" in states:
        return "unknown"
    if len(states) > 1:
        return "partial" if states & {"done", "partial", "applied"} else "not done"
    return states.pop() or "nothing to do"


def plan_id_of(result: Result) -> str:
    """The id of the plan that a result is of; "-" where it is of none."""
    return str((result.data.get("plan_id") if isinstance(result.data, Mapping) else "") or "-")


def check_result(desk: Desk, result: Result, text: str, outcome: Any) -> None:
    """Raise what a write in this process came to, unless it was done, waits or goes on."""
    data = result.data if isinstance(result.data, Mapping) else {"rows": result.data}
    known = "state" in data or any(isinstance(row, Mapping) for row in data.get("rows") or ())
    if known and not result.meta.get("pending"):
        some = _some_done(desk, data)
        check_done(status_of(data), text, outcome, result.errors, some=some, plan_id=data.get("plan_id", ""))


def check_own(desk: Desk, plan_id: str) -> None:
    """Raise InvalidParams for a plan of a connector that this is not. Raises UnknownPlan."""
    from .connecting import class_of

    others = {step.connector for step in desk.plans.get(plan_id).steps} - {*desk.settings.platforms}
    if others:
        kinds = {name.replace("_", "-"): class_of(name).__name__ for name in sorted(others)}
        one = len(others) == 1 and len({step.connector for step in desk.plans.get(plan_id).steps}) == 1
        by = f'{"".join(kinds.values())}, or connect("{"".join(kinds)}"),' if one else 'connect("ads")'
        raise InvalidParams(
            f"plan_id: the plan is of {' and '.join(kinds)}; nothing was sent", fix=f"{by} applies it"
        )


def check_answered(answered: Answered) -> None:
    """Raise what a write at a host came to, where its answer has our form and says that it was not done."""
    data = answered.data
    if answered.planned or not isinstance(data, Mapping) or "plan_id" not in data:
        return
    status, text = str(data.get("status") or data.get("state") or ""), str(data.get("text") or "")
    steps = [one for one in data.get("steps") or () if isinstance(one, Mapping)]
    failed = [one for one in data.get("errors") or () if isinstance(one, Mapping)]
    some = status == "partial" and (not steps or any(one.get("state") == "done" for one in steps))
    plan_id = str(data["plan_id"])
    said = text or f"{status}: the plan {plan_id} was not wholly done"
    check_done(status, said, answer_record(data, answered.meta), failed, some=some, plan_id=plan_id)


def check_done(
    status: str,
    text: str,
    outcome: Any,
    failed: Sequence[Mapping[str, Any]] | None,
    *,
    some: bool,
    plan_id: str = "",
) -> None:
    """Raise OutcomeUnknown where any step's outcome is unknown, PartlyDone where `some` steps were done and
    others not, else the error of the first that was refused; `outcome` is what would have been answered.
    """
    if status not in ("unknown", "partial", "not done", "failed"):
        return
    error = _error(status, text, failed or (), some=some)
    error.plan_id, error.outcome = plan_id, outcome
    raise error


def _error(status: str, text: str, failed: Sequence[Mapping[str, Any]], *, some: bool) -> AdsError:
    if status == "unknown":
        return OutcomeUnknown(text, fix="look at the objects before doing any of it again")
    if some or any(one.get("code") == PartlyDone.__name__ for one in failed):
        return PartlyDone(text, fix="do not repeat what was done; make a plan of the rest")
    code = next((str(one["code"]) for one in failed if one.get("code")), "")
    kind = getattr(tree, code, Rejected)
    usual = isinstance(kind, type) and issubclass(kind, AdsError) and not issubclass(kind, HostRefused)
    error: AdsError = (kind if usual else Rejected)(text)
    if any(one.get("sent") == "yes" for one in failed):
        error.sent = "yes"
    return error


def _some_done(desk: Desk, data: Mapping[str, Any]) -> bool:
    """Whether anything of it was done; the record of a plan may have only its first steps."""
    with suppress(UnknownPlan):
        if data.get("plan_id"):
            return desk.plans.get(data["plan_id"]).done > 0
    rows = data.get("steps") or data.get("rows") or [data]
    return any(row.get("state") == "done" for row in rows if isinstance(row, Mapping))
