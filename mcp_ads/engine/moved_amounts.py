"""Amounts that move on a second time from what they are: bids worked out from the same days, "+10%"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mcp_ads.engine.session.instead import BID_TO

if TYPE_CHECKING:
    from mcp_ads.engine.changes.steps import Step
    from mcp_ads.engine.records.lately import Lately

MOVED = (
    "this {} was changed from here in the last 24 hours: figures of days before know nothing of that, "
    f"and {BID_TO} over the same days moves it once more"
)

DOUBTED = "a change of this {0} was sent at {1}, of unknown outcome: if {2} has it, this comes on top"


def moves_on(step: Step) -> bool:
    """Whether a step sets an amount that was worked out of what there is."""
    return any(budget.from_live for budget in step.budgets)


def warn_of_moved(steps: Iterable[Step], known: Lately) -> None:
    """Say which amounts are worked out of what there is while a change of them may be done already, and which
    bids that are worked out of figures were changed lately.
    """
    for step in steps:
        for budget in step.budgets:
            at, doubtful = known.moved.get((step.object_id, budget.field), ("", False))
            if budget.from_live and doubtful:
                step.warnings.insert(0, DOUBTED.format(budget.field, at, budget.before or "it"))
            elif budget.from_live and at and BID_TO in step.asked:
                step.warnings.append(MOVED.format(budget.field))
