"""The rest of a plan that is too long for one answer: `ads_describe(query="<plan_id> 21")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

MOST_PAGE = 10_000
_ASKED = re.compile(
    r"\s*([A-Za-z0-9.:_-]{12,120}\.[a-z2-9]{8})(?:\s+(?:from\s+|step\s+)*([0-9]{1,6}))?\s*", re.ASCII
)


def page_asked(workspace: Workspace, query: str) -> str | None:
    """The steps of a plan the caller may see, from the one asked for on; None when no plan is asked about."""
    from mcp_ads.engine.changes.naming import plural
    from mcp_ads.engine.workspace import plan_of
    from mcp_ads.errors import PolicyError, UnknownPlan

    from .outcome_text import page_of
    from .plan_text import next_page

    question = _ASKED.fullmatch(query)
    if not question:
        return None
    try:
        plan = plan_of(workspace, question[1])
    except (UnknownPlan, PolicyError):
        return None
    first = max(1, int(question[2] or 1))
    head = f"{plan.plan_id}: {plan.state}, {len(plan.steps)} {plural('step', len(plan.steps))}"
    if first > len(plan.steps):
        return f"{head}; there is no step {first}"
    lines, after = page_of(plan, first - 1, MOST_PAGE)
    more = (
        [f"… and {len(plan.steps) - after} more: {next_page(plan, after)}"] if after < len(plan.steps) else []
    )
    return "\n".join([head, *lines, *more])
