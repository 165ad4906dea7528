"""Amounts that move on a second time from what they are: bids worked out from the same days, "+10%"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.engine.session.instead import BID_TO

if TYPE_CHECKING:
    from mcp_ads.engine.changes.steps import Step

    from .workspace import Workspace

MOVED = (
    "this {} was changed from here in the last 24 hours: figures of days before know nothing of that, "
    f"and {BID_TO} over the same days moves it once more"
)

DOUBTED = "a change of this {0} was sent at {1}, of unknown outcome: if {2} has it, this comes on top"
RELATIVE = re.compile(r"\s*[+-]\s*\d.*|.*%\s*", re.DOTALL)
"""An amount that is told from what there is."""


def warn_of_moved_bids(workspace: Workspace, steps: Iterable[Step]) -> None:
    """Say which bids that are worked out were changed lately, as far as the audit log knows."""
    worked = [step for step in steps if BID_TO in step.asked]
    lately = workspace.audit.lowest() if worked else {}
    for step in worked:
        for budget in step.budgets:
            if budget.given and (step.object_id, budget.field) in lately:
                step.warnings.append(MOVED.format(budget.field))


def warn_of_doubted_raises(workspace: Workspace, steps: Iterable[Step]) -> None:
    """Say which amounts are told from what there is while a change of them may be done already."""
    moving = [step for step in steps if step.budgets and _relative(step.asked)]
    doubted = workspace.audit.doubted() if moving else {}
    for step in moving:
        for budget in step.budgets:
            if at := doubted.get((step.object_id, budget.field)):
                step.warnings.insert(0, DOUBTED.format(budget.field, at, budget.before or "it"))


def _relative(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_relative, value.values()))
    if isinstance(value, list):
        return any(map(_relative, value))
    return isinstance(value, str) and bool(RELATIVE.fullmatch(value))
