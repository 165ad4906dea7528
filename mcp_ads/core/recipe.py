"""What an action of several requests yields, and what every action ends with."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from .request import Request


@dataclass(frozen=True)
class Wait:
    """Pause for so many seconds; if the call's time is up first, the agent is told to go on with `resume`."""

    seconds: float
    resume: dict[str, Any] = field(default_factory=dict)


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
    table, `text` replaces it, and `cursor_at` gives the cursor that goes on at a row, when fewer rows are
    shown than there are.
    """

    data: Any
    meta: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    text: str = ""
    cursor_at: Callable[[int], str] | None = field(default=None, repr=False)


Steps = Generator[Request | Wait | Progress, Any, Result]
