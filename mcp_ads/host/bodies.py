"""What comes in: bodies of bounded size, JSON that can be kept, and fields by their names."""

from __future__ import annotations

import math
import re
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from mcp_ads.core.once import read_once
from mcp_ads.core.synonyms import closest_of, cut
from mcp_ads.errors import InvalidParams

from .refusals import Refused

MOST, MOST_CALL = 2**20, 8 * 2**20
"""Bytes of a request; of one that executes something, which may carry a file in base64."""
_RARE = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]|NaN|Infinity|[eE]\+?\d{3}")


class Body(BaseModel):
    """The body of a request: unknown fields are refused, with the closest ones."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, populate_by_name=True)

    @model_validator(mode="wrap")
    @classmethod
    def _with_closest(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(given)
        except ValidationError as error:
            told = [cls._told(dict(mistake)) for mistake in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(cls.__name__, told) from None

    @classmethod
    def _told(cls, mistake: dict[str, Any]) -> InitErrorDetails:
        where, said = mistake["loc"], str(mistake["msg"]).removeprefix("Value error, ")
        if mistake["type"] == "extra_forbidden" and len(where) == 1:
            said = f"there is no such field{closest_of(cut(where[0]), cls.model_fields)}"
            mistake["type"] = "unknown_field"
        kind = PydanticCustomError(mistake["type"], said.replace("{", "{{").replace("}", "}}"))
        return InitErrorDetails(type=kind, loc=where, input=None)


class Mistake(BaseModel):
    """One thing that is wrong; `field` names the parameter, `message` says what would be right."""

    field: str
    message: str
    error_code: str
    details: dict[str, Any]


class Refusal(BaseModel):
    """What is answered with every status that is no success."""

    message: str
    errors: list[Mistake]


def most_of(path: str) -> int:
    """Most bytes that a request to a path may have."""
    return MOST_CALL if path.endswith("/execute") else MOST


def check_keepable(body: bytes) -> None:
    """Raises Refused for JSON that says two things, and for what no database keeps: halves of characters,
    NUL, and what is no number.
    """
    try:
        found = read_once(body)
    except InvalidParams as error:
        raise Refused(400, str(error), "invalid_json") from None
    except (ValueError, RecursionError):
        return  # it is refused as what it is
    if _RARE.search(body) and (why := _unkept(found)):
        raise Refused(400, f"the body cannot be kept: {why}", "invalid_json")


def _unkept(value: Any) -> str:
    if isinstance(value, dict):
        return next(filter(None, (_unkept(part) for pair in value.items() for part in pair)), "")
    if isinstance(value, list):
        return next(filter(None, map(_unkept, value)), "")
    if isinstance(value, float) and not math.isfinite(value):
        return "it has a number that is none, such as NaN"
    if isinstance(value, str):
        if "\0" in value:
            return "it has a NUL character in a text"
        if any("\ud800" <= character <= "\udfff" for character in value):
            return "it has half of a character (an unpaired surrogate) in a text"
    return ""
