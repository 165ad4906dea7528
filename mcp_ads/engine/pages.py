"""Rows across pages, and the cursor that goes on after any of them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, dig
from mcp_ads.core.view import ListView
from mcp_ads.errors import ApiError, InvalidParams, PlatformDown

from . import smaller
from .deadline import left

if TYPE_CHECKING:
    from .session import Session

VERSION = 1
CURSOR_WRONG = "cursor: not a cursor of this call; leave it out to start again"
MOST_PAGES = 200
MOST_TOKEN = 8_000
"""Characters of a page token; a longer one would fill the answer it is part of."""


@dataclass(frozen=True)
class Place:
    """Where a list goes on: the vendor's token of a page, its size, and how many of its rows were given."""

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
        place = Place(str(token), int(size), int(skip))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InvalidParams(CURSOR_WRONG) from None
    if version != VERSION or whose != call_hash or min(place.size, place.skip) < 0:
        raise InvalidParams(CURSOR_WRONG)
    return place


def hash_of(whose: str, call: Action, *more: object, columns: bool = True) -> str:
    """What a cursor or spooled rows belong to: the same action with the same parameters."""
    given = {name: getattr(call, name) for name in type(call).model_fields if columns or name != "fields"}
    parts = [whose, type(call).__qualname__, given, call.columns() if columns else (), more]
    text = json.dumps(parts, default=str, sort_keys=True)
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

    def cut(self, limit: int) -> None:
        if len(self.records) > limit:
            self.after = self.place_at(limit)
            del self.records[limit:]


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
        async for place, records in _pages(
            session, call, Place(start.token, size, start.skip), account, found
        ):
            found.places.append((len(found.records), place))
            found.records += records[place.skip :]
            if len(found.records) >= view.limit:
                break
    except ApiError as error:
        if not found.records:
            raise
        trace = f" (trace={error.trace})" if error.trace else ""
        found.warnings.append(f"cut short by {type(error).__name__}: {error}{trace}; the cursor goes on here")
    found.cut(view.limit)
    return found


async def _pages(
    session: Session, call: Action, place: Place, account: Account | None, found: Collected
) -> AsyncIterator[tuple[Place, list[Any]]]:
    """Each page with its place; `found.after` is where the next one is. Ends when one is repeated."""
    assert call.pages
    request = call.to_request()
    seen, last = {place.token}, None
    for _ in range(MOST_PAGES):
        asked, answer, size = await smaller.page(
            session, call.pages, request, place.token, place.size, account
        )
        place = replace(place, size=size)
        records, token = _records(dig(answer, call.records)), call.pages.token(asked, answer)
        again = bool(records) and records[0] == last
        if ends := _ends_here(token, repeated=again or token in seen):
            found.warnings.append(ends)
            token = None
        found.after = Place(token, place.size) if token else None
        if not again:
            yield place, records
        if found.after is None:
            return
        place, last = found.after, records[0] if records else None
        seen.add(place.token)
        if left() <= 0:
            break
    found.warnings.append("cut short: the call's time is over; the cursor goes on here")


def _ends_here(token: str | None, *, repeated: bool) -> str:
    """Why a list is not followed further; empty when it may be."""
    if repeated:
        return "the platform repeated a page; the list ends here"
    return (
        "the platform's page token is too long; the list ends here" if len(token or "") > MOST_TOKEN else ""
    )


def _records(found: Any) -> list[dict[str, Any]]:
    """The records of a page. Raises PlatformDown for anything else."""
    if found in (None, [], {}):
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise PlatformDown("the answer has something else where its records should be")
    return found


async def rows_of(session: Session, call: Action, most: int) -> list[dict[str, Any]]:
    """All rows of a list, for the engine's own use. Raises ApiError when it stays incomplete."""
    from .recipes import drive

    if not call.pages:
        if is_recipe(call):
            return list((await drive(session, call, session.context(None))).data)
        return list(dig(await session.send(call.to_request()), call.records) or [])
    view = ListView.model_construct(limit=most, cursor="")
    found = await collect(session, call, view, None, Place())
    if found.warnings:
        raise ApiError(found.warnings[0])
    return found.records


def is_recipe(call: Action) -> bool:
    """Whether an action is made of several requests."""
    return type(call).steps is not Action.steps
