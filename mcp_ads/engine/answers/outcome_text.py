"""What became of a plan, as a person reads it: what went wrong first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.sums import raising_first
from mcp_ads.errors import PartlyDone, RateLimited

from .alike_text import Alike, in_groups
from .error_text import UNCHANGED
from .lost_text import lost_groups, lost_lines
from .plan_pages import next_page, told_whole, whole_page
from .plan_text import connection_lines
from .request_text import left_lines, whole_lines
from .shape import compact, cut
from .step_text import MOST_STEPS, lines_of, step_lines

MOST_CHANGES = 300
MOST_ERROR = 800
MARKS = {
    "done": "done",
    "failed": "NOT DONE",
    "unknown": "UNKNOWN",
    "ready": "not sent",
    "sending": "UNKNOWN",
}
SENDING = "sending"
HIDDEN = ("index", "check", "since", "ahead")
"""What an error of a step keeps that its line does not repeat."""
HEADS = {"applied": "APPLIED", "partial": "PARTIAL", "unknown": "UNKNOWN", "applying": "IN PROGRESS"}


def outcome_lines(
    plan: Plan,
    seen: dict[int, str] | None = None,
    *,
    otherwise: bool = False,
    looks: Callable[[Sequence[int]], str] | None = None,
) -> list[str]:
    """What became of each step; `seen` is what reading showed, by index, `otherwise` that it differs, `looks`
    gives the call that shows several steps at once whose outcome is not known.
    """
    doubt = ", BUT READ-BACK DIFFERS" if otherwise else ""
    lines = [f"{HEADS.get(plan.state, plan.state)}{doubt}: {plan.done} of {len(plan.steps)} done"]
    if plan.state in ("partial", "unknown") and plan.done:
        lines[0] += "; do not repeat these"
    if plan.state == "applying":
        held = [step.error for step in plan.steps if step.state == "ready" and step.error]
        waits = next((f": {row.get('fix', '')}" for row in held if row["code"] == RateLimited.__name__), "")
        lines[0] += f"; call ads_apply with the same plan_id again to go on{waits}"
    lines += connection_lines(plan.steps)
    shown, together, lost = _told(plan)
    for group in lost:
        lines += lost_lines(Alike(plan.steps, group), seen or {}, looks(group) if looks else "")
    lines += [line for index in shown for line in _result_lines(index, plan.steps[index], seen or {})]
    lines += [line for alike in together for line in _together_lines(alike)]
    counted = {index for group in (*(alike.indexes for alike in together), *lost) for index in group}
    left = [index for index in range(len(plan.steps)) if index not in {*shown, *counted}]
    if together or lost:
        lines.append("each: ads_describe(query=plan_id)")
    if left:
        lines.append(f"… and {len(left)} more {plural('step', len(left))}: {next_page(plan, left[0])}")
    if partly := [index for index in shown if not told_whole(index, plan.steps[index], _result_lines)]:
        lines.append(whole_page(plan, partly[0]))
    return lines


def _told(plan: Plan) -> tuple[list[int], list[Alike], list[list[int]]]:
    """The steps that are told one by one, what went wrong among them; many that are alike, in groups; and
    such groups of which nobody knows what became.
    """
    plain = [index for index, step in enumerate(plan.steps) if step.state in ("done", "ready")]
    plain = [index for index in plain if not plan.steps[index].begun and not plan.steps[index].error]
    groups = [[index for index in plain if plan.steps[index].state == state] for state in ("done", "ready")]
    many = [group for some in groups for group in in_groups(plan.steps, some) if len(group) > 1]
    lost = lost_groups(plan.steps)
    grouped = {index for group in (*many, *lost) for index in group}
    wrong = [index for index, step in enumerate(plan.steps) if step.state not in ("done", "ready")]
    wrong = [index for index in wrong if index not in grouped]
    rest = [index for index in raising_first(plan.steps) if index not in {*wrong, *grouped}]
    return sorted([*wrong, *rest][:MOST_STEPS]), [Alike(plan.steps, group) for group in many], lost


def _together_lines(alike: Alike) -> Iterable[str]:
    """What became of steps that are alike, counted; of new objects the first are named with their ids."""
    first = alike.own[0]
    if not alike.is_all:  # the head has counted them
        yield f"{MARKS[first.state]}: {alike.what}{f', {alike.moved}' if alike.moved else ''}"
    if first.makes and first.state == "done":
        yield from (f"   {line}" for line in map(alike.named, range(min(MOST_STEPS, len(alike.own)))))
        if (left := len(alike.own) - MOST_STEPS) > 0:
            yield f"   … and {left} more"


def is_counted(plan: Plan) -> bool:
    """Whether some of a plan's steps are not told one by one in its outcome."""
    return len(_told(plan)[0]) < len(plan.steps)


def page_of(plan: Plan, first: int, room: int) -> tuple[list[str], int]:
    """The lines of the steps from one on, at least one and as many as fit; and the step that comes next.

    Nothing in them is cut. Of a plan that is no longer ready they say what became of each step.
    """

    def told(index: int, step: Step) -> Iterable[str]:
        yield from (step_lines if plan.state == "ready" else _result_lines)(index, step, whole=True)
        if plan.state == "ready":
            yield from (f"   warning: {warning}" for warning in step.warnings)
            yield from (f"   no undo: {reason}" for reason in dict.fromkeys(step.stays))

    lines, shown = lines_of(plan.steps, range(first, len(plan.steps)), room, told)
    return lines, first + len(shown)


def _result_lines(
    index: int, step: Step, seen: Mapping[int, str] = MappingProxyType({}), *, whole: bool = False
) -> Iterable[str]:
    said = "; ".join(step.lines)
    changes = said if whole else cut(said, MOST_CHANGES)
    partly = (step.error or {}).get("code") == PartlyDone.__name__
    mark = "under way" if step.begun else "PARTIAL" if partly else MARKS[step.state]
    mark = "NOT DONE YET" if step.put_off and not step.begun else mark
    whose = f" of {step.connection_name}" if step.connection_name else ""
    yield f"{index + 1}. {mark}: {step.action} {step.target}{whose}: {changes}"
    if whole:
        yield from (f"   {line}" for line in whole_lines(step))
    if step.error and step.state != SENDING:
        left_out = (*HIDDEN, "sent") if UNCHANGED in str(step.error.get("message")) else HIDDEN
        shown = {key: value for key, value in step.error.items() if key not in left_out}
        yield f"   error: {compact(shown) if whole else cut(compact(shown), MOST_ERROR)}"
    if check := (step.error or {}).get("check"):
        yield f"   check: {check if whole else cut(str(check), MOST_ERROR)}"
    if step.sent and step.state != "done":
        yield from (f"   {line}" for line in left_lines(step))
    if index in seen:
        yield f"   {seen[index]}"
