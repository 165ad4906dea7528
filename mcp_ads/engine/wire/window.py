"""What was read of a list, and the part of it an answer shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from mcp_ads.core import Result

from .cursors import Place, handle, row_cursor


@dataclass(frozen=True)
class Stretch:
    """Rows of a list from somewhere on, as they are shown, and how it goes on after them.

    `places` are the numbers of rows with which pages begin, and where these are; `after` is where the list
    goes on, None at its end. `tokens` are marks of the page tokens seen so far. Without `places`, the rows
    came in one piece and cannot be asked for by page. `onward` is what the caller asks with for the page
    after all of them, where only the caller can: it is said with the last of them. `given` is how many rows
    of the list were before these, None where nobody knows.
    """

    whose: str
    rows: list[Any] = field(default_factory=list)
    places: list[tuple[int, Place]] = field(default_factory=list)
    after: Place | None = None
    tokens: list[str] = field(default_factory=list)
    onward: dict[str, Any] = field(default_factory=dict)
    given: int | None = 0

    def since(self, row: int) -> Stretch:
        """What is left from a row on."""
        begun = [(at, place) for at, place in self.places if at <= row][-1:]
        later = [(at - row, place) for at, place in self.places if row < at < len(self.rows)]
        first = [(0, replace(place, skip=place.skip + row - at)) for at, place in begun]
        places = [*first, *later] if row < len(self.rows) else []
        given = None if self.given is None else self.given + min(row, len(self.rows))
        return replace(self, rows=self.rows[row:], places=places, given=given)

    @property
    def place(self) -> Place | None:
        """Where its first row is; None when that cannot be asked for, or there is none."""
        return self.places[0][1] if self.places else self.after

    @property
    def ended(self) -> bool:
        return not self.rows and self.after is None


@dataclass
class Window(Result):
    """Rows that are part of more, and how to go on at any of them.

    `whose` is the call they belong to. `first` is the number of the first row in a table that is kept on
    disk, under `name`; otherwise `stretch` is what was read, and under `name` what an answer leaves out of it
    is kept. `numbers` are those of the rows in the stretch where some are hidden. Nothing of one that is
    `private` is kept. Calls may begin from the rows of a table that is `named`. Of one that lacks what may be
    asked for `again`, every cursor does that.
    """

    whose: str = field(default="", repr=False)
    first: int = field(default=0, repr=False)
    stretch: Stretch | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)
    numbers: list[int] = field(default_factory=list, repr=False)
    private: bool = field(default=False, repr=False)
    named: bool = field(default=False, repr=False)
    again: bool = field(default=False, repr=False)

    def cursor_at(self, row: int) -> str:
        """The cursor that goes on with one of its rows."""
        if self.stretch is None:
            return row_cursor(0 if self.again else self.first + row, self.whose, self.name)
        if self.name:
            return handle(self.name)
        place = self.left_at(row).place
        return place.text(self.whose) if place else ""

    def left_at(self, row: int) -> Stretch:
        """What is left of the list from one of its rows on."""
        assert self.stretch
        return self.stretch.since(self.numbers[row] if row < len(self.numbers) else row)
