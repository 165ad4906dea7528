"""Which plans may be looked at: those of the connectors and accounts that may be used, and of no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from mcp_ads.engine.workspace import plan_of
from mcp_ads.errors import OutOfScope, StalePlan

from .facts import note_lines
from .outcome_text import outcome_lines, page_of
from .plan_pages import open_ends
from .plan_text import plan_text
from .shape import one_line

if TYPE_CHECKING:
    from mcp_ads.engine.changes.plan import Plan
    from mcp_ads.engine.changes.steps import Step
    from mcp_ads.engine.workspace import Workspace
    from mcp_ads.settings import Settings


def may_be_used(settings: Settings) -> Callable[[Plan], bool]:
    """Whether all steps of a plan are of connectors and accounts that these settings leave."""

    def covered(step: Step) -> bool:
        if step.connector not in settings.platforms:
            return False
        lists = [platform.account_ids for platform in settings.of(step.connector)]
        if step.account is None:
            return settings.unscoped_writes or not all(lists)
        return any(not listed or step.account["id"] in listed for listed in lists)

    return lambda plan: all(map(covered, plan.steps))


def plans_of(workspace: Workspace) -> list[Plan]:
    """The plans that may be looked at, the oldest first."""
    return [*filter(may_be_used(workspace.settings), workspace.plans.all())]


def whole_text(workspace: Workspace, plan_id: str) -> str:
    """The whole text a person approves; of a plan that is no longer ready, what became of each step.

    Raises UnknownPlan, PolicyError.
    """
    plan = plan_of(workspace, plan_id)
    if not may_be_used(workspace.settings)(plan):
        raise OutOfScope("the plan is about another connector or other accounts than may be used here")
    if plan.state == "ready":
        text = plan_text(plan)
        if f'ads_describe(query="{plan_id}' not in text:
            lines = [text]
        else:
            lines = [text, "All steps, whole:", *plan.selections, *_every_step(plan)]
    else:
        head = outcome_lines(plan)[0].replace("ads_apply", "apply")
        lines = [
            f"{plan_id}: {head}",
            *(line.replace("ads_apply", "apply") for line in open_ends(plan)),
            *_every_step(plan),
        ]
    notes: list[str] = []
    with suppress(StalePlan):  # its connection is not there any more
        notes = note_lines(workspace.session_of(plan.steps[0]))
    return "\n".join([*map(one_line, notes), lines[0], *map(one_line, lines[1:])])


def _every_step(plan: Plan) -> Iterator[str]:
    """The lines of all steps, uncut, page by page to the end."""
    after = 0
    while after < len(plan.steps):
        lines, after = page_of(plan, after, 10**9)
        yield from lines
