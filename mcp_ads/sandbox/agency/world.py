"""The day on which a store's world began: all that is in it is told from there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcp_ads.sandbox.store import Store

NAME = "agency"
KIND = "sandbox.world"
REPORT_DELAY = 600.0
"""Seconds of the sandbox's clock that a report takes here unless something else is asked for."""


def began(store: Store) -> int:
    """The day, as an ordinal, on which somebody first asked this store for something; it stays."""
    if found := store.get(KIND, NAME):
        return int(found["day"])
    with store.transaction():
        if not (found := store.get(KIND, NAME)):
            found = {"day": datetime.now(UTC).date().toordinal()}
            store.put(KIND, NAME, found)
    return int(found["day"])
