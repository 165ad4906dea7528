"""Whether something was planned or changed while a tool's function ran, however it went about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from mcp_ads.core import Offer
from mcp_ads.errors import AdsError, CallError, PartlyDone, Rejected


@dataclass(eq=False)
class Noted:
    """What is known of one call of a tool's function.

    A function whose calls were not seen, as they ran in a thread or a task of its own, may have changed
    anything.
    """

    seen: bool = False
    """Whether a call of a connector was made where it is noted."""
    plan_chars: int = 0
    """Characters of plans' texts, which are shown whole, or page by page, whatever the limit is."""
    changes: list[AdsError | None] = field(default_factory=list)
    """What was planned or changed, or may have been, each with the error it ended in."""
    under_way: int = 0
    """Writes that have begun and not ended."""

    @property
    def changed(self) -> bool:
        """Whether something was planned or changed, or may have been, as far as was seen."""
        return bool(self.changes or self.under_way)

    @property
    def only_read(self) -> bool:
        """Whether it is known that nothing was planned or changed."""
        return self.seen and not self.changed

    def before(self, error: AdsError) -> bool:
        """Whether something else than what this error is about was planned or changed."""
        return bool(self.under_way) or any(one is not error for one in self.changes)


AROUND = 200
"""Characters that may stand around a plan's text."""
_NOTED: ContextVar[Noted | None] = ContextVar("noted", default=None)
_RUNNING: set[Noted] = set()
_LOCK = Lock()


@contextmanager
def noting(*, seen: bool = False) -> Iterator[Noted]:
    """Note the changes made from here, in tasks and threads that begin here too.

    A change made where nobody notes, as in a pool of threads, may be of any function that runs then. `seen`
    says that the function is known to make its calls here.
    """
    outer, noted = _NOTED.get(), Noted(seen)
    token = _NOTED.set(noted)
    with _LOCK:
        _RUNNING.add(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)
        with _LOCK:
            _RUNNING.discard(noted)
            if outer is not None:
                outer.seen |= noted.seen
                outer.plan_chars += noted.plan_chars
                outer.changes += noted.changes or ([None] if noted.under_way else [])


def note_call(plan: Any = None) -> None:
    """Note that a call of a connector is made; `plan` is what it shows of a plan."""
    noted = _NOTED.get()
    if noted is not None and noted in _RUNNING:
        noted.seen = True
        noted.plan_chars += 0 if plan is None else AROUND + len(json.dumps(plan, ensure_ascii=False))


@contextmanager
def changing(*, reads: bool = False) -> Iterator[None]:
    """Note what happens inside as a change, unless it reads, or is refused and nothing came of it."""
    note_call()
    if reads:
        yield
        return
    own = _NOTED.get()
    with _LOCK:
        whose = [own] if own is not None and own in _RUNNING else [*_RUNNING]
        for noted in whose:
            noted.under_way += 1
    ended: list[AdsError | None] = [None]
    try:
        yield
    except AdsError as error:
        ended = [] if came_to_nothing(error) else [error]
        raise
    finally:
        with _LOCK:
            for noted in whose:
                noted.under_way -= 1
                noted.changes += ended


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
