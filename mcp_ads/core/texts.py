"""Values that came as text although a parameter is a list or an object: JSON, and lists between commas."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterable
from typing import Any, Literal

from pydantic.fields import FieldInfo

from .dates import Span
from .money import Amount

ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"]+@(?:[^\s@<>()\[\],;:"'.]+\.)+[^\s@<>()\[\],;:"'.]{2,}""")
"""One e-mail address and nothing else: no name beside it, no mailto:, no second one."""


def read_text(value: Any, field: FieldInfo) -> Any:
    """JSON text for an object or a list, and "a,b" for a list of texts."""
    kinds = kinds_of(field.annotation)
    if not isinstance(value, str):
        return [value] if kinds and kinds <= {list} and isinstance(value, int | dict) else value
    text = value.strip()
    if kinds & {list, dict} and text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return value
    if kinds and kinds <= {list}:
        return [part for comma in commas(text) if (part := comma.strip())]
    return value


def commas(text: str) -> Iterable[str]:
    """Parts between commas that are in no brackets: id,owner{id,name} has two."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        depth += letter in "({["
        depth -= letter in ")}]"
        if letter == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def kinds_of(annotation: Any) -> set[Any]:
    """What a value may be, as far as text can be told from it: str, int, list, dict."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return kinds_of(args[0])
    if origin in (list, dict):
        return {origin}
    if annotation in (Amount, Span):
        return {str, dict}
    if origin is None:
        return {annotation} if annotation in (str, int, list, dict) else set()
    return {kind for argument in args if argument is not type(None) for kind in kinds_of(argument)}


def types_of(annotation: Any) -> set[Any]:
    """The types an annotation is made of, without what is inside objects."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return types_of(args[0])
    if origin in (Literal, dict):
        return {origin}
    return {kind for argument in args for kind in types_of(argument)} if args else {annotation}
