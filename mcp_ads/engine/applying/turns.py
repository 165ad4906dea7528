"""Changes of one account take turns, across processes: one holder from the check to the last answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import StalePlan
from mcp_ads.files.lock import Busy

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace


@contextlib.asynccontextmanager
async def turn(workspace: Workspace, steps: Iterable[Step], patience: float) -> AsyncIterator[frozenset[str]]:
    """Hold the accounts of the steps while inside, waiting for others at most so many seconds.

    Gives their names. Raises StalePlan when others do not end in time, NoRecord; then nothing was sent.
    """
    names = sorted({name_of(step) for step in steps})
    with contextlib.ExitStack() as stack:
        try:
            for name in names:  # always in this order, so that two holders never wait for each other
                await workspace.records.hold(stack, name, patience)
        except Busy:
            busy = "another change in this account is being carried out at this moment; nothing was sent"
            error = StalePlan(busy, fix="call again when that is done")
            error.under_way = True
            raise error from None
        yield frozenset(names)


def name_of(step: Step) -> str:
    """Whose turn a step needs: its account's, or its connector's where no account owns what it changes."""
    return f"{step.connector}-{fingerprint(step.account['id'] if step.account else '')}"
