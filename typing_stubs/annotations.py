"""What a parameter takes, as a type that a caller may rely on."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal

from pydantic import BaseModel

from mcp_ads.core import Span
from mcp_ads.core.kept import Kept
from mcp_ads.core.money import Amount
from mcp_ads.core.private import PrivateRows

OBJECT = "Mapping[str, Any]"
ID, IDS = "str | int", "list[str] | list[int]"
"""Of one object and of several, which have to be a list: text is a sequence of texts too."""
SPELLED = {
    str: "str", int: "int", float: "float", bool: "bool", dict: OBJECT, Any: "Any",
    Amount: "str | float", Span: "str | Mapping[str, str]",
}  # fmt: skip
"""Money is a number or text with its unit ("50 EUR"); days are a preset, a range or {since, until}."""


def spelled(annotation: Any, *, of_ids: bool = False) -> str:
    """The type as a stub has it; numbers too where the texts are ids. Raises TypeError for an unknown one."""
    return " | ".join(dict.fromkeys(_parts(annotation, of_ids=of_ids)))


def _parts(annotation: Any, *, of_ids: bool) -> list[str]:
    """The members of a type that may be one of several, `None` last."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _parts(args[0], of_ids=of_ids)
    if origin in (typing.Union, types.UnionType):
        parts = [part for argument in args for part in _parts(argument, of_ids=of_ids)]
        return sorted(parts, key=lambda part: part == "None")
    if origin is Literal:
        return [f"Literal[{', '.join(map(repr, args))}]"]
    if origin is list:
        return [f"Sequence[{spelled(args[0], of_ids=of_ids)}]"]
    if origin is dict:
        return [f"Mapping[{spelled(args[0])}, {spelled(args[1])}]"]
    if annotation is type(None):
        return ["None"]
    if annotation is str and of_ids:
        return [ID]
    return [_plain(annotation)]


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
