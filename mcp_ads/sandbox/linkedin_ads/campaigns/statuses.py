"""Which status may follow which, for campaign groups and campaigns."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.linkedin_ads.errors import Fault

AT_BIRTH = ("DRAFT", "ACTIVE", "PAUSED")
NEXT = {
    "DRAFT": ("ACTIVE", "PAUSED", "ARCHIVED"),
    "ACTIVE": ("PAUSED", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
    "PAUSED": ("ACTIVE", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
    "COMPLETED": ("ACTIVE", "ARCHIVED"),
    "ARCHIVED": ("ACTIVE", "PAUSED", "PENDING_DELETION"),
}


def transition(old: str | None, new: str, *, path: str = "/status") -> Iterator[Fault]:
    """What is wrong with going from one status to another; None means a new object."""
    if old is None:
        if new not in AT_BIRTH:
            yield Fault("INVALID_VALUE_FOR_FIELD", path, f"A new object cannot be {new}", new)
    elif old == new or new in NEXT.get(old, ()):
        return
    elif old == "CANCELED":
        yield Fault("ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS", path, "A canceled object stays as it is", new)
    elif new == "DRAFT":
        yield Fault("STATUS_CHANGE_NOT_ALLOWED", path, f"{old} cannot become DRAFT again", new)
    else:
        yield Fault("INVALID_STATUS_TRANSITION", path, f"{old} cannot become {new}", new)
