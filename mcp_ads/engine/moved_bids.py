"""Bids that are worked out once more from the same days: each time they move on from what they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mcp_ads.engine.session.instead import BID_TO

if TYPE_CHECKING:
    from mcp_ads.engine.changes.steps import Step

    from .workspace import Workspace

MOVED = (
    "this {} was changed from here in the last 24 hours already: figures of days before know nothing of it, "
    f"and {BID_TO} over the same days moves it once more"
)


def warn_of_moved_bids(workspace: Workspace, steps: Iterable[Step]) -> None:
    """Say which bids that are worked out were changed lately, as far as the audit log knows."""
    worked = [step for step in steps if BID_TO in step.asked]
    lately = workspace.audit.lowest() if worked else {}
    for step in worked:
        for budget in step.budgets:
            if budget.given and (step.object_id, budget.field) in lately:
                step.warnings.append(MOVED.format(budget.field))
