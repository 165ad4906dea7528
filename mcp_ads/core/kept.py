"""What stands for a value that may not be written down: its digest and its size."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .marks import marks_of

DIGESTS = ("kept", "file")
"""Under which the digest of what is kept stands: of people, of a file."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Mistakes(ValueError):
    """What is wrong with a value that is not shown, a line for each mistake."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))


class Kept(dict[str, Any]):
    """What stands for a private value wherever a call is written down.

    `content` is the value itself, until somebody keeps it under its digest; a value that comes from a plan
    has none.
    """

    digest: ClassVar[str] = ""
    content: bytes = b""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return str(self[self.digest])


@dataclass(frozen=True)
class Mark(ABC):
    """What private parameters share: they take a value as it was exchanged, or exchange it themselves."""

    kind: ClassVar[type[Kept]]

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = core_schema.plain_serializer_function_ser_schema(dict)
        return core_schema.no_info_plain_validator_function(self.read, serialization=plain)

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """What an agent may send, as JSON Schema."""

    def read(self, value: Any) -> Kept:
        """The value as what stands for it; a mistake found earlier is raised where it stands in its place.

        Raises ValueError, which never quotes the value.
        """
        if isinstance(value, ValueError):
            raise value
        if isinstance(value, Mapping) and self.kind.digest in value:
            if not self.fits(value):
                raise ValueError(f"not what stands for a value that was kept under {self.kind.digest!r}")
            return self.kind(value)
        return self.exchanged(value)

    @abstractmethod
    def fits(self, value: Mapping[str, Any]) -> bool:
        """Whether a value is one that was exchanged before."""

    @abstractmethod
    def exchanged(self, value: Any) -> Kept:
        """A value as it was sent, exchanged. Raises ValueError."""


@cache
def marks(action: type[Any]) -> Mapping[str, Mark]:
    """The private parameters of an action."""
    return {
        name: mark
        for name, field in action.model_fields.items()
        for mark in marks_of(field)
        if isinstance(mark, Mark)
    }


def digests(value: Any) -> Iterator[str]:
    """The digest of everything in a value that stands for something kept, however deep."""
    return (found[name] for found in stand_ins(value) for name in DIGESTS if is_sha256(found.get(name)))


def stand_ins(value: Any) -> Iterator[Mapping[str, Any]]:
    """Everything in a value that stands for something kept, however deep."""
    if isinstance(value, Mapping):
        if any(is_sha256(value.get(name)) for name in DIGESTS):
            yield value
        for inner in value.values():
            yield from stand_ins(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from stand_ins(inner)


def is_sha256(value: Any) -> bool:
    return isinstance(value, str) and bool(_SHA256.fullmatch(value))
