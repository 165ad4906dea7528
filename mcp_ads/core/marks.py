"""What is said of a parameter in its annotation: what money it is, that it is private."""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo


def marks_of(field: FieldInfo) -> list[Any]:
    """The marks of a parameter, also of one that may be None."""
    parts = getattr(field.annotation, "__args__", ())
    inner = [mark for part in parts for mark in getattr(part, "__metadata__", ())]
    return [*field.metadata, *inner]
