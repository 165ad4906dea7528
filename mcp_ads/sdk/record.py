"""The platform's own records: dicts that answer to attributes too, and the envelope of a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Record(dict[str, Any]):
    """One record as the platform has it: `record["daily_budget"]` and `record.daily_budget` are the same.

    Setting or deleting an attribute sets or deletes the item. A field that is named as a method of dicts is
    (`values`, `items`), or `response_meta`, is found, and set, by `record["values"]` alone.
    """

    __slots__ = ("response_meta",)

    response_meta: dict[str, Any]
    """What is said of the answer that the record is: whose it is, its currency, warnings, what is missing.

    Empty for records inside others or in a list, whose envelope says it. It is no part of the record: not
    among its keys, nor in what is dumped of it; `copy.copy`, `copy.deepcopy` and pickle keep it.
    """

    def __getattr__(self, name: str) -> Any:
        if name == "response_meta":
            return {}
        if name not in self:
            raise AttributeError(
                f"the record has no {name!r}; it has {', '.join(map(str, self)) or 'nothing'}"
            )
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "response_meta":
            super().__setattr__(name, value)
        elif hasattr(dict, name):
            raise AttributeError(f'{name!r} is a method of every record: write record["{name}"] = …')
        else:
            self[name] = value

    def __delattr__(self, name: str) -> None:
        self.__getattr__(name)
        del self[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self if name.isidentifier())]


def recorded(value: Any) -> Any:
    """The value with every object in it as a `Record`."""
    if isinstance(value, Mapping):
        return Record({name: recorded(part) for name, part in value.items()})
    return [recorded(part) for part in value] if isinstance(value, list) else value


def answer_record(value: Any, meta: Mapping[str, Any]) -> Any:
    """An answer that is no list; where it is a record, with what is said of it."""
    found = recorded(value)
    if isinstance(found, Record):
        found.response_meta = dict(meta)
    return found


class ExecuteResult(BaseModel):
    """What a list answers with: the platform's own records, and facts about them.

    `meta` is never empty: `has_next_page` and `end_cursor` say how the list goes on, `host` who answered.
    """

    model_config = ConfigDict(extra="forbid")

    data: list[Any]
    meta: dict[str, Any] = Field(default_factory=dict)


class CheckResult(BaseModel):
    """Whether a connector works: what was asked to find out, and why it does not."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["healthy", "unhealthy"]
    error: str | None = None
    checked_entity: str
    checked_action: str
