"""The rest of a plan that is too long for one answer: `ads_describe(query="<plan_id> 21")`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mcp_ads.engine.changes.plan import Plan
    from mcp_ads.engine.changes.steps import Step
    from mcp_ads.engine.workspace import Workspace

LOOKS = "ads_apply with the same plan_id looks at what is there now, and sends none of these again"
MOST_PAGE = 10_000
CUT = "…(+"
"""What stands where a text was cut, before the number of what is left."""
_ASKED = re.compile(
    r"\s*([A-Za-z0-9.:_-]{12,120}\.[a-z2-9]{8})(?:\s+(?:from\s+|step\s+)*([0-9]{1,6}))?\s*", re.ASCII
)


class Told(Protocol):
    """The lines of one step, cut unless they are to be whole."""

    def __call__(self, index: int, step: Step, *, whole: bool = False) -> Iterable[str]: ...


def told_whole(index: int, step: Step, told: Told) -> bool:
    """Whether nothing of a step is cut in its lines."""
    return [*told(index, step)] == [*told(index, step, whole=True)]


def whole_page(plan: Plan, first: int) -> str:
    """The line that says where what was cut stands whole: the page that begins with this step."""
    return f"cut here, whole: {page_call(plan, first)}"


def next_page(plan: Plan, after: int) -> str:
    """The call that shows the steps from one on."""
    return f"{page_call(plan, after)}, or all at ads://plans/{plan.plan_id}"


def page_call(plan: Plan, first: int) -> str:
    """The call that shows whole steps from one on."""
    return f'ads_describe(query="{plan.plan_id}{f" {first + 1}" if first else ""}")'


def open_ends(plan: Plan) -> list[str]:
    """What to do about a plan of which not all is known, or not all is done."""
    from .next_text import next_lines

    states = {step.state for step in plan.steps}
    if "sending" in states:
        return [f"if nobody applies it at this moment, its process ended: {LOOKS}"]
    if "unknown" in states:
        return [f"not all of it is known: {LOOKS}"]
    if plan.state == "applying":
        return ["not all of it is sent: ads_apply with the same plan_id goes on"]
    return next_lines(plan)


def page_asked(workspace: Workspace, query: str) -> str | None:
    """The steps of a plan the caller may see, from the one asked for on; None when no plan is asked about."""
    from mcp_ads.engine.answers.own_plans import may_be_used
    from mcp_ads.engine.changes.naming import plural
    from mcp_ads.engine.workspace import plan_of
    from mcp_ads.errors import PolicyError, StalePlan, UnknownPlan

    from .facts import note_lines
    from .left_out_text import left_out_lines
    from .outcome_text import page_of
    from .plan_text import expires_line, money_lines
    from .shape import one_line

    question = _ASKED.fullmatch(query)
    if not question:
        return None
    try:
        plan = plan_of(workspace, question[1])
    except (UnknownPlan, PolicyError):
        return None
    if not may_be_used(workspace.settings)(plan):
        return None
    first = max(1, int(question[2] or 1))
    head = f"{plan.plan_id}: {plan.state}, {len(plan.steps)} {plural('step', len(plan.steps))}"
    if first > len(plan.steps):
        return f"{head}; there is no step {first}"
    found = [*plan.selections, *money_lines(plan.steps), *left_out_lines(plan.excluded)] if first == 1 else []
    found += open_ends(plan)
    lines, after = page_of(plan, first - 1, MOST_PAGE)
    more = (
        [f"… and {len(plan.steps) - after} more: {next_page(plan, after)}"] if after < len(plan.steps) else []
    )
    more += [expires_line(plan)] if plan.state == "ready" else []
    invented: list[str] = []
    with suppress(StalePlan):  # its connection is not there any more
        invented = note_lines(workspace.session_of(plan.steps[0])) if workspace.settings.sandbox else []
    return "\n".join(map(one_line, [*invented, head, *found, *lines, *more]))
