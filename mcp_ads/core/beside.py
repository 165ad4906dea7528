"""What a new object stands beside: what is there already like it, what makes it needless, what it hits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

Record = Mapping[str, Any]
Likeness = tuple[str, ...]


@dataclass(frozen=True)
class PassedOn:
    """An item that is meant for the action of the same name of another entity: its parameters there, and a
    line that says so.
    """

    entity: str
    params: dict[str, Any]
    why: str


class Beside:
    """Of a write: how it looks at what is there.

    Where the platform takes no two `siblings` alike, `unlike` are the fields by which it tells; of items that
    are alike only the first is made.
    """

    unlike: ClassVar[tuple[str, ...]] = ()
    name_at: ClassVar[str] = "name"

    @classmethod
    def name_in(cls, record: Record) -> str:
        """What people know an object by, as its record has it; empty where it has none."""
        return str(record.get(cls.name_at) or "")

    @classmethod
    def passed_on(cls, item: Mapping[str, Any]) -> PassedOn | None:  # noqa: ARG003
        """Where an item belongs that is meant for another entity; None for this one's own."""
        return None

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        """What makes two of them the same to the platform, as a record has it or a call sets it."""
        return tuple(str(record.get(name)) for name in cls.unlike)

    def siblings(self) -> Mapping[str, Any]:
        """Parameters for the entity's list that show what a create may not be like: it is left out of a plan
        where one is there of the same `likeness`.
        """
        return {}

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        """Lists that show what else bears on a create: entity -> parameters of its list. Each is read once
        for a plan, of all places together that are a list of one id in these parameters.
        """
        return {}

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:  # noqa: ARG002
        """The record, of those that siblings or a neighbouring list have by their likeness, that makes this
        create needless, and why; nothing of either where none does.
        """
        return {}, ""

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:  # noqa: ARG002
        """What of a neighbouring list this stops or changes, or is stopped by, for a person to know."""
        return ()

    def clash(self, other: Self) -> str:  # noqa: ARG002
        """Why this and another new one of the same plan cannot both be there; empty when they can."""
        return ""

    def clash_at(self, other: Self, reference: str) -> str:  # noqa: ARG002
        """The same where it takes what later calls of the plan name the other by, "@2.id", to tell; that is
        empty for one of the same call.
        """
        return self.clash(other)
