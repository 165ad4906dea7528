"""Rows across pages, and the cursor that goes on after any of them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core import Account, Action, dig
from ..core.view import ListView
from ..errors import ApiError, InvalidParams, PlatformDown, RateLimited

if TYPE_CHECKING:
    from .session import Session

VERSION = 1
CURSOR_WRONG = "cursor: not a cursor of this call; leave it out to start again"


@dataclass(frozen=True)
class Place:
    """Where a list goes on: the vendor's token of a page, its size, and how many of its rows were given already."""

    token: str = ""
    size: int = 0
    skip: int = 0

    def text(self, call_hash: str) -> str:
        packed = json.dumps([VERSION, call_hash, self.token, self.size, self.skip], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_place(cursor: str, call_hash: str) -> Place:
    """The place a cursor names; raises InvalidParams for one of another call."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        version, whose, token, size, skip = found
    except (ValueError, TypeError):
        raise InvalidParams(CURSOR_WRONG) from None
    if version != VERSION or whose != call_hash:
        raise InvalidParams(CURSOR_WRONG)
    return Place(str(token), int(size), int(skip))


def hash_of(connector: str, call: Action, *more: object) -> str:
    """What a cursor belongs to: the same action with the same parameters."""
    text = json.dumps(
        [connector, type(call).__name__, call.model_dump(mode="json", exclude_none=True), call.columns(), more], default=str, sort_keys=True
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass
class Collected:
    """Records with the place of each, and where the list goes on after the last (None at its end)."""

    records: list[Any]
    places: list[tuple[int, Place]]
    after: Place | None
    warnings: list[str]

    def place_at(self, row: int) -> Place | None:
        """The place that goes on with this row."""
        if row >= len(self.records):
            return self.after
        start, page = next(each for each in reversed(self.places) if each[0] <= row)
        return Place(page.token, page.size, page.skip + row - start)


async def collect(
    session: Session, call: Action, view: ListView, account: Account | None, start: Place
) -> Collected:
    """As many records as the view wants, from a place on.

    A failure on a later page ends the list early with a warning; on the first page it is raised.
    """
    assert call.pages
    size = start.size or min(view.limit, call.pages.most)
    found = Collected([], [], None, [])
    try:
        async for place, records, after in _pages(session, call, Place(start.token, size, start.skip), account, found):
            found.places.append((len(found.records), place))
            found.records += records[place.skip :]
            found.after = Place(after, size) if after else None
            if len(found.records) >= view.limit:
                break
    except (PlatformDown, RateLimited) as error:
        if not found.records:
            raise
        found.warnings.append(f"the list is cut short: {error}; the cursor goes on here")
    return _cut(found, view.limit)


def _cut(found: Collected, limit: int) -> Collected:
    if len(found.records) > limit:
        found.after = found.place_at(limit)
        del found.records[limit:]
    return found


async def _pages(
    session: Session, call: Action, place: Place, account: Account | None, found: Collected
) -> AsyncIterator[tuple[Place, list[Any], str | None]]:
    """Each page with its place and the token after it; stops when the platform repeats itself."""
    assert call.pages
    request = call.pages.sized(call.to_request(), place.size)
    seen: set[str] = set()
    first: Any = None
    while True:
        asked = call.pages.turn(request, place.token) if place.token else request
        answer = await session.send(asked, account)
        records = dig(answer, call.records) or []
        token = call.pages.token(asked, answer)
        if place.token and records and records[0] == first:
            found.warnings.append("the platform repeated a page; the list ends here")
            return
        first = records[0] if records else None
        if token in seen:
            found.warnings.append("the platform repeated a page token; the list ends here")
            token = None
        yield place, records, token
        if token is None:
            return
        seen.add(token)
        place = Place(token, place.size)
        found.after = place


async def rows_of(session: Session, call: Action, most: int) -> list[dict[str, Any]]:
    """All rows of a list, for the engine's own use. Raises ApiError when it stays incomplete."""
    from .recipes import drive

    if not call.pages:
        if is_recipe(call):
            return list((await drive(session, call, session.context(None))).data)
        return list(dig(await session.send(call.to_request()), call.records) or [])
    found = await collect(session, call, ListView.model_construct(limit=most, cursor=""), None, Place())
    if found.warnings:
        raise ApiError(found.warnings[0])
    return found.records


def is_recipe(call: Action) -> bool:
    """Whether an action is made of several requests."""
    return type(call).steps is not Action.steps
