"""Rows across pages, each page asked for once, and where the list goes on after them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Offset, dig
from mcp_ads.core.page_records import records_in
from mcp_ads.core.same_rows import TWICE, Doubts
from mcp_ads.core.view import ListView
from mcp_ads.errors import ApiError, Rejected

from . import smaller, twice
from .authority import authority
from .cursors import Place
from .deadline import left
from .room import Room
from .window import Stretch

if TYPE_CHECKING:
    from .connection import Connection
from .flows import is_recipe

__all__ = ["Collected", "Place", "collect", "gather", "hash_of", "hashed", "is_recipe", "rows_of"]

MOST_PAGES = 200
MOST_TOKEN = 8_000
"""Characters of a page token; a longer one is no token."""
MOST_MARKS = 5_000
REPEATED = "the platform repeated a page token: the list ends here, and may be incomplete"
SAME_PAGE = "the platform sent a page that was there already: the list ends here, and may be incomplete"
TOO_LONG = "the platform's page token is too long: the list ends here, and is incomplete"
LACKING = "the platform sent {} of the {} that it says there are: the list is incomplete"
STALE = "the platform may know this cursor no longer: begin the list anew, without it"
ONWARD = "; the cursor goes on here"
OUT_OF_TIME = f"cut short: the call's time is over{ONWARD}"
OUT_OF_PAGES = f"cut short after {MOST_PAGES} pages{ONWARD}"


def hash_of(whose: str, call: Action, *more: object, columns: bool = True) -> str:
    """What a cursor or spooled rows belong to: the same action, parameters and authority of the caller."""
    given = {name: getattr(call, name) for name in type(call).model_fields if columns or name != "fields"}
    return hashed(whose, type(call).__qualname__, given, call.columns() if columns else (), more)


def hashed(*parts: object) -> str:
    """What is told from others by these parts and the authority of the caller, in few characters."""
    mark = authority().mark
    text = json.dumps([*parts, *([mark] if mark else [])], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass
class Collected:
    """Records with the places of their pages, where the list goes on (None at its end), what to warn of.

    `failed` is what ended it early, `total` how many the platform says there are in all, `given` how many
    came before these, None where nobody knows; `twice` is how many rows were left out since they had come,
    and `doubts` of which others that is not known.
    `lacks` is why there may be more with which no cursor goes on.
    """

    records: list[Any]
    places: list[tuple[int, Place]]
    after: Place | None
    tokens: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    failed: ApiError | None = None
    total: Any = None
    given: int | None = 0
    twice: int = 0
    doubts: Doubts = field(default_factory=Doubts)
    lacks: str = ""

    def lack(self, why: str) -> None:
        """Warn that it is not all there is."""
        self.lacks = self.lacks or why
        self.warnings.append(why)

    def unbroken(self) -> list[Any]:
        """The records of a list that nothing cut short. Raises ApiError of what did."""
        if self.warnings:
            why = self.warnings[0].removesuffix(ONWARD)
            raise self.failed or ApiError(f"the list could not be read whole: {why}")
        return self.records

    def stretch(self, whose: str) -> Stretch:
        """The records and places read so far, as a cursor keeps them."""
        return Stretch(whose, self.records, self.places, self.after, self.tokens, given=self.given)

    def cut(self, limit: int) -> None:
        """Leave out what is over a limit; `after` is where that is."""
        if len(self.records) > limit:
            self.after = self.stretch("").since(limit).place
            del self.records[limit:]


def begun_at(place: Place) -> Stretch:
    """A list of which nothing has been read yet, from a place on."""
    return Stretch("", after=place, given=None if place.token or place.skip else 0)


async def collect(
    session: Connection, call: Action, view: ListView, account: Account | None, start: Place
) -> Collected:
    """As many records as the view wants, from a place on; `gather` says what happens on a failure."""
    collected = await gather(session, call, view.limit, account, begun_at(start))
    collected.cut(view.limit)
    return collected


async def gather(
    session: Connection,
    call: Action,
    wanted: int,
    account: Account | None,
    begun: Stretch,
    room: Room | None = None,
    show: Callable[[dict[str, Any]], Any] = lambda record: record,
) -> Collected:
    """As many rows as are wanted, or there is room for: first those at hand, then whole pages.

    A failure on a later page ends the list early with a warning; on the first page it is raised.
    """
    room = room or Room(bounded=False)
    collected, start = _begin(begun)
    if room.full(collected.records) or len(collected.records) >= wanted or start is None:
        return collected
    known = collected.tokens
    try:
        async for place, runs in _pages(session, call, _sized(call, start, wanted), account, collected):
            before = len(collected.records)
            onward, collected.after = collected.after, place  # its rows may be none of what was asked for
            shown = [(skip, [*map(show, run)]) for skip, run in runs]
            collected.after = onward
            for skip, rows in shown:
                collected.places.append((len(collected.records), replace(place, skip=skip)))
                collected.records += rows
            known = collected.tokens
            if room.full(collected.records[before:]) or len(collected.records) >= wanted:
                break
    except ApiError as error:
        if not collected.records:
            if isinstance(error, Rejected) and start.token:
                error.fix = error.fix or STALE
            raise
        collected.failed, collected.tokens = error, known
        trace = f" (trace={error.trace})" if error.trace else ""
        collected.warnings.append(f"cut short by {type(error).__name__}: {error}{trace}{ONWARD}")
    _see_whole(collected)
    return collected


def _see_whole(found: Collected) -> None:
    """Warn of a list that has an end and fewer rows than the platform says there are, or than it sent."""
    came = None if found.given is None else found.given + len(found.records)
    if found.lacks:
        return
    if type(found.total) is int and came is not None:
        if found.after is None and came < found.total:
            found.lack(LACKING.format(f"{came:,}", f"{found.total:,}"))
    elif found.twice:
        found.lack(TWICE.format(found.twice))


def _begin(begun: Stretch) -> tuple[Collected, Place | None]:
    """What is at hand, and where to go on after it; None at the end of the list."""
    if begun.rows:
        tokens = [*begun.tokens]
        return Collected([*begun.rows], [*begun.places], begun.after, tokens, given=begun.given), begun.after
    tokens = [] if begun.places else [*begun.tokens]
    return Collected([], [], None, tokens, given=begun.given), begun.place


def _sized(call: Action, place: Place, wanted: int) -> Place:
    """The place with a page size: the one its list was begun with, or what is wanted."""
    assert call.pages
    return place if place.size else Place(place.token, min(wanted, call.pages.most), place.skip)


async def _pages(
    session: Connection, call: Action, place: Place, account: Account | None, found: Collected
) -> AsyncIterator[tuple[Place, list[tuple[int, list[Any]]]]]:
    """Each page's place, and its rows as `twice.runs` has them; `found.after` is where the next one is.

    A page or a token that comes again ends the list, and no row is given twice.
    """
    assert call.pages
    found.after = place
    request = call.to_request()
    seen = {*found.tokens, _mark(place.token)}
    for _ in range(MOST_PAGES):
        asked, answer, size = await smaller.page(
            session, call.pages, request, place.token, place.size, account
        )
        place = replace(place, size=size)
        records, token = records_in(answer, call.records, call.total), call.pages.token(asked, answer)
        found.total = (dig(answer, call.total) if call.total else None) or found.total
        page = _marked(records, call)
        telling = isinstance(call.pages, Offset) or twice.telling(records, call)
        if ends := _ends_here(page, token, seen, telling=telling):
            found.lack(ends)
            records, token = [] if ends == SAME_PAGE else records, None
        rows = twice.row_marks(records, call)
        given = [*twice.runs(records, place.skip, rows, seen, found.doubts)]
        found.twice += max(len(records) - place.skip, 0) - sum(len(run) for _, run in given)
        found.after = Place(token, place.size) if token else None
        if token:
            _remember(found, seen, [*filter(None, [page]), _mark(token)], twice.kept(rows))
        yield place, given
        if found.after is None:
            return
        place = found.after
        if left() <= 0:
            found.warnings.append(OUT_OF_TIME)
            return
    found.warnings.append(OUT_OF_PAGES)


def _remember(found: Collected, seen: set[str], marks: list[str], rows: list[str]) -> None:
    """Know a page again: by its marks in all calls, by its rows in this one and in the next."""
    seen |= {*marks, *rows}
    kept = [mark for mark in found.tokens if not mark.startswith(twice.ROW)]
    found.tokens = [*[*kept, *marks][-MOST_MARKS:], *rows]


def _ends_here(page: str, token: str | None, seen: set[str], *, telling: bool) -> str:
    """Why a list is not followed further than a page; empty where there is no reason.

    Rows that are not `telling`, such as some fields without an id, may be alike on two pages: theirs is the
    same page only where the token comes again too.
    """
    again = token is not None and _mark(token) in seen
    if page in seen and (telling or again):
        return SAME_PAGE
    if token and len(token) > MOST_TOKEN:
        return TOO_LONG
    return REPEATED if again else ""


def _marked(records: list[dict[str, Any]], call: Action) -> str:
    """A short hash of a page's rows; empty where it has none.

    A page that comes again is a platform's that does not heed where it is asked to go on.
    """
    told = [twice.own_id(record, call) or record for record in records]
    return _mark(f"rows {json.dumps(told, sort_keys=True, default=str)}") if records else ""


def _mark(token: str) -> str:
    """A short hash of a page token, by which a repeated one is known."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()[:10]


async def rows_of(session: Connection, call: Action, most: int) -> list[dict[str, Any]]:
    """All rows of a list, for the engine's own use. Raises ApiError when it stays incomplete."""
    from .flows import drive

    if not call.pages:
        if is_recipe(call):
            return list((await drive(session, call, session.context(None))).data)
        return records_in(await session.send(call.to_request()), call.records, call.total)
    collected = await gather(session, call, most, None, begun_at(Place()))
    return collected.unbroken()[:most]
