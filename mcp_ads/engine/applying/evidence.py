"""What shows that a change was made whose answer does not: reading it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.wire.deadline import left
from mcp_ads.errors import OutcomeUnknown

from .read_back import read_back

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

LOOKS, APART, RESERVE = 3, 1.0, 10.0
"""How often it is read, seconds between, and seconds of the call that have to be left for another look."""


async def see_done(session: Session, step: Step, ids: Mapping[int, str]) -> None:
    """Read what a step has changed. Raises OutcomeUnknown unless that is as it was set."""
    for number in range(1, LOOKS + 1):
        look = await read_back(session, step, ids, frozenset())
        if look.as_set:
            return
        if look.as_set is None or number == LOOKS or left() < RESERVE:
            break
        await asyncio.sleep(APART)
    raise OutcomeUnknown(f"the answer does not show that this was done, and read back it is: {look.text}")
