"""Whether something was planned or changed while a tool's function ran, however it went about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from mcp_ads.core import Offer
from mcp_ads.errors import AdsError, CallError, PartlyDone, Rejected


@dataclass
class Noted:
    """What is known of one call of a tool's function."""

    changed: bool = False
    """Whether something was planned or changed, or may have been."""


_NOTED: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Noted]:
    """Note the changes made from here, in tasks and threads that begin here too."""
    outer, noted = _NOTED.get(), Noted()
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)
        if outer is not None:
            outer.changed |= noted.changed


@contextmanager
def changing(*, reads: bool = False) -> Iterator[None]:
    """Note what happens inside as a change, unless it reads, or is refused and nothing came of it."""
    nothing = reads
    try:
        yield
    except AdsError as error:
        nothing = nothing or came_to_nothing(error)
        raise
    finally:
        if not nothing and (noted := _NOTED.get()):
            noted.changed = True


def came_to_nothing(error: AdsError) -> bool:
    """Whether nothing was planned or changed: nothing was sent, or the platform has refused it as a whole."""
    refused = isinstance(error, CallError | Rejected) and not isinstance(error, PartlyDone)
    return error.sent == "no" or (refused and error.sent == "yes")


def is_read(offer: Offer, entity: str, action: str, params: Mapping[str, Any] | None) -> bool:
    """Whether an action is known to be a read."""
    try:
        meant = offer.meant(entity, action, params or {})
        return offer.entity(entity).action(meant, offer.name).risk == "read"
    except AdsError:
        return False
