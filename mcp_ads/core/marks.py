"""What is said of a parameter in its annotation: what money it is, that it is private, who fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticOmit


@dataclass(frozen=True)
class Found:
    """Marks a parameter that planning fills in with what it has read: nobody gives it, no schema has it."""

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        raise PydanticOmit


def marks_of(field: FieldInfo) -> list[Any]:
    """The marks of a parameter, also of one that may be None."""
    parts = getattr(field.annotation, "__args__", ())
    inner = [mark for part in parts for mark in getattr(part, "__metadata__", ())]
    return [*field.metadata, *inner]


def is_found(field: FieldInfo) -> bool:
    """Whether planning fills a parameter in."""
    return any(isinstance(mark, Found) for mark in marks_of(field))
