"""What an action of several requests yields, and what every action ends with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .answer import drawn
from .cells import plain
from .request import Request


@dataclass(frozen=True)
class Wait:
    """Pause for so many seconds; if the call's time is up first, the agent is told to go on with `resume`.

    `again` says which call that is where it is not the same one, and `facts` are what the answer says of
    itself already then.
    """

    seconds: float
    resume: dict[str, Any] = field(default_factory=dict)
    again: str = "call again with"
    facts: Mapping[str, Any] = field(default_factory=dict)


class Aside:
    """Asked of what is kept on this machine and of the settings, not of the platform."""


@dataclass(frozen=True)
class Note(Aside):
    """Keep plain facts under a name for some days, for later calls and processes with the same credentials.

    The objects `of` an account are known from then on to be its: a call about one need not name it.
    """

    name: str
    facts: Mapping[str, Any]
    of: str = ""
    owns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recall(Aside):
    """The facts kept under a name, and since when, as `Recalled`; None where there are none."""

    name: str


@dataclass(frozen=True)
class Recalled:
    """What was kept under a name, `age` seconds ago. Another version may have written it in another shape."""

    facts: Mapping[str, Any]
    age: float


@dataclass(frozen=True)
class Contexts(Aside):
    """The Context of each of these accounts. Raises OutOfScope for one that may not be used, NotFound."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class Several:
    """Reads that do not need each other's answers: asked for at once.

    The recipe is given a list as long as these, with the answer or the ApiError of each.
    """

    requests: Sequence[Request]

    def __post_init__(self) -> None:
        assert all(request.risk == "read" for request in self.requests)


@dataclass(frozen=True)
class Progress:
    """How far a recipe is, for clients that show it."""

    done: float
    total: float
    message: str


@dataclass
class Result:
    """What a call answers: rows or one record, errors by index, and facts about the answer.

    `errors` are `{index, code, message, fix}` with the index of the item in the call. `columns` orders the
    table, and `text` replaces it. `partial` is what the first line says of an answer that is not whole, where
    errors by index do not tell. `str(result)` is the text an agent reads.
    """

    data: Any
    meta: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    text: str = ""
    partial: str = ""

    def __str__(self) -> str:
        """The answer in its default format: at most about 20,000 characters, cut between rows."""
        return drawn(self).text

    def model_dump(self, mode: str = "python") -> dict[str, Any]:
        """Everything as plain values that `json.dumps` takes; as "json" also tuples are lists.

        Decimals and dates are text, and a number that is none (NaN, Infinity) is None.
        """
        columns = list(self.columns) if mode == "json" else tuple(self.columns)
        return {
            "data": plain(self.data),
            "meta": plain(self.meta),
            "errors": plain(self.errors),
            "columns": columns,
            "text": self.text,
        }


Flow = Generator[Request | Several | Wait | Progress | Aside, Any, Result]


Report = Callable[[Progress], Awaitable[None]]
