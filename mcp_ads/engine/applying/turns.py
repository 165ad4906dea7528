"""Changes of one account take turns, across processes: one holder from the check to the last answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import NoRecord, StalePlan
from mcp_ads.files.lock import Busy, wait_for

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace


@contextlib.asynccontextmanager
async def turn(workspace: Workspace, steps: Iterable[Step], patience: float) -> AsyncIterator[frozenset[str]]:
    """Hold the accounts of the steps while inside, waiting for others at most so many seconds.

    Gives their names. Raises StalePlan when others do not end in time, NoRecord; then nothing was sent.
    """
    folder = workspace.settings.records / "locks"
    names = sorted({name_of(step) for step in steps})
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in names:  # always in this order, so that two holders never wait for each other
                await wait_for(stack, folder / f"{name}.lock", patience)
        except Busy:
            busy = "another change in this account is being carried out at this moment; nothing was sent"
            raise StalePlan(busy, fix="call again when that is done") from None
        except OSError as error:
            raise NoRecord(
                f"accounts cannot be held ({error.strerror}), so nothing is changed",
                fix=f"make {folder} writable",
            ) from None
        yield frozenset(names)


def name_of(step: Step) -> str:
    """Whose turn a step needs: its account's, or its connector's where no account owns what it changes."""
    return f"{step.connector}-{fingerprint(step.account['id'] if step.account else '')}"
