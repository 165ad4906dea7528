"""What a parameter takes, as a type that a caller may rely on."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from mcp_ads.core import Span
from mcp_ads.core.kept import Kept
from mcp_ads.core.money import Amount
from mcp_ads.core.private import PrivateRows

OBJECT = "Mapping[str, Any]"
SPELLED = {
    str: "str", int: "int", float: "float", bool: "bool", dict: OBJECT, Any: "Any",
    Amount: "str | float | Mapping[str, str]", Span: "str | Mapping[str, str]",
}  # fmt: skip
"""Money is a number, text with its unit ("50 EUR") or {amount, currencyCode}; days are a preset, a range or
{since, until}.
"""
READ = (dict, int, float)
"""What may be written as text where something reads it first; words of a fixed list are read in any case,
one alone too where several are taken."""


@dataclass(frozen=True)
class Marked:
    """What is known of a parameter's values beside their type: the number that a text may be as well, and
    what is read as an object.
    """

    number: str = ""
    also: tuple[str, ...] = ()

    def with_marks(self, marks: Iterable[Any]) -> Marked:
        """The same with what these marks say. What reads a value before its type does takes text too."""
        also = self.also
        for mark in marks:
            if isinstance(mark, BeforeValidator):
                also = also or ("str",)
            elif isinstance(mark, WithJsonSchema) and "number" in (mark.json_schema or {}).get("type", ()):
                also = ("str", "float")
        return replace(self, also=also)


def spelled(annotation: Any, marked: Marked | None = None) -> str:
    """The type as a stub has it. Raises TypeError for one that has no word."""
    return " | ".join(dict.fromkeys(_parts(annotation, marked or Marked())))


def _parts(annotation: Any, marked: Marked) -> list[str]:
    """The members of a type that may be one of several, `None` last."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _parts(args[0], marked.with_marks(args[1:]))
    if origin in (typing.Union, types.UnionType):
        parts = [part for argument in args for part in _parts(argument, marked)]
        return sorted(parts, key=lambda part: part == "None")
    if origin is Literal:
        return [f"Literal[{', '.join(map(repr, _in_any_case(args)))}]"]
    if origin is list:
        item = spelled(args[0], marked)
        alone = [item] if item.startswith("Literal[") and item.count("[") == 1 else []
        return [*alone, f"Sequence[{item}]"]
    if origin is dict:
        return [*marked.also, f"Mapping[{spelled(args[0])}, {spelled(args[1])}]"]
    if annotation is type(None):
        return ["None"]
    if annotation is str and marked.number:
        return ["str", marked.number]
    return [*(marked.also if annotation in READ else ()), _plain(annotation)]


def _in_any_case(words: Iterable[Any]) -> list[Any]:
    """Words of a fixed list, and as they are written on other platforms: a call reads them in any case."""
    known = [*words]
    texts = [word for word in known if isinstance(word, str)]
    return [*dict.fromkeys([*known, *(text.upper() for text in texts), *(text.lower() for text in texts)])]


def _plain(kind: Any) -> str:
    """A type without parts; a file is its name or base64, people are rows or the name of a file of them."""
    if kind in SPELLED:
        return SPELLED[kind]
    if isinstance(kind, type) and issubclass(kind, PrivateRows):
        return f"str | Sequence[{OBJECT}]"
    if isinstance(kind, type) and issubclass(kind, Kept):
        return "str"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return OBJECT
    raise TypeError(f"no stub has a word for the type {kind!r}")
