"""Calls that answer with the platform's own records, as they came, in place of rows that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Self

from mcp_ads.errors import ApiError

from .action import Action, Read
from .columns import Column
from .context import Account
from .request import Columns


class AsSent(Action):
    """A call whose rows are records as the platform sent them: no name, unit or nesting of it is changed.

    `of` is the action as it is declared. A flow leaves out what it computes beside a record.
    """

    of: ClassVar[type[Action]]

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        return record

    def to_columns(self, columns: Columns) -> Columns | None:
        return columns

    def shown(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        return record

    def filed(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        return record

    def kinds(self) -> Mapping[str, Column]:
        return {}

    def otherwise(self) -> Action | None:
        other = super().otherwise()
        return as_sent(other) if other else None

    def instead(self, error: ApiError) -> Action | None:
        other = super().instead(error)
        return as_sent(other) if other else None


class Selecting(Read):
    """A read that asks the platform for its `fields`, and is answered with no others.

    `made` are columns that are made here, which no record has.
    """

    made: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def asked_by_default(cls) -> tuple[str, ...]:
        """The fields of a record that a call which names none asks for; empty where the call itself tells."""
        return tuple(name for name in cls.lean if name not in cls.made)

    @classmethod
    def askable(cls, name: str) -> bool:
        """Whether the platform knows a field of this name."""
        return name in cls.lean and name not in cls.made

    def with_fields(self, fields: tuple[str, ...]) -> Self:
        """The same call with these fields."""
        return self.model_copy(update={"fields": [*fields]})


def as_sent(call: Action) -> Action:
    """The same call, which answers with the platform's own records."""
    if isinstance(call, AsSent):
        return call
    given = {name: getattr(call, name) for name in type(call).model_fields}
    return _kind(type(call)).model_construct(call.model_fields_set, **given)


def declared(call: Action) -> type[Action]:
    """The action of a call, as its connector declares it."""
    return call.of if isinstance(call, AsSent) else type(call)


@cache
def _kind(kind: type[Action]) -> type[Action]:
    """The action as one of records; another one to cursors, whose rows are not to mix with shown ones."""
    own = {"of": kind, "__module__": kind.__module__, "__doc__": kind.__doc__}
    return type(kind.__name__, (AsSent, kind), own | {"__qualname__": f"AsSent.{kind.__qualname__}"})
