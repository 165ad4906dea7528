"""Fixed values of parameters, in whatever spelling they were given."""

from __future__ import annotations

import re
import typing
from typing import Any, Literal

from pydantic.fields import FieldInfo

from .texts import types_of

LONGEST = 200
"""Characters of what may be one of them."""


def as_declared(value: Any, field: FieldInfo) -> Any:
    """One of a parameter's fixed values in whatever case, with - or a space for _, as it is declared."""
    choices = literals(field.annotation)
    return value if not choices or str in types_of(field.annotation) else _chosen(value, choices)


def _chosen(value: Any, choices: set[str]) -> Any:
    if isinstance(value, list):
        return [_chosen(item, choices) for item in value]
    if not isinstance(value, str) or value in choices or len(value) > LONGEST:
        return value
    plain = _plain(value)
    found = [choice for choice in choices if _plain(choice) == plain]
    return found[0] if len(found) == 1 else value


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip()).casefold()


def literals(annotation: Any) -> set[str]:
    """The fixed values of an annotation."""
    if typing.get_origin(annotation) is Literal:
        return {str(argument) for argument in typing.get_args(annotation)}
    return {text for argument in typing.get_args(annotation) for text in literals(argument)}
