"""What a host is asked, as JSON: parameters by the vendor's names, and lists of fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticSerializationError, to_jsonable_python

from mcp_ads.core import Action
from mcp_ads.engine.session.depth import check_depth
from mcp_ads.errors import InvalidParams


def spelt(kind: type[Action] | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters by the vendor's names, as JSON has them; what is not declared stays as it is.

    Raises InvalidParams, a line for each that cannot be sent.
    """
    check_depth(params)
    fields = kind.model_fields if kind else {}
    found, mistakes = dict[str, Any](), list[str]()
    for name, value in params.items():
        field = fields.get(name)
        try:
            plain = to_jsonable_python(value)
            json.dumps(plain, allow_nan=False)
        except (PydanticSerializationError, ValueError, TypeError):
            mistakes.append(f"{name}: a {type(value).__name__} that JSON has no form for")
            continue
        wire_name = (field.alias if field else None) or name
        if wire_name in found and found[wire_name] != plain:
            mistakes.append(f"{name}: not the same as {wire_name}, which is given too")
        found[wire_name] = plain
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    return found


def names_of(parameter: str, fields: Sequence[str]) -> list[str]:
    """A list of fields as it is sent. Raises InvalidParams for a text alone, which is no list."""
    if isinstance(fields, str) or not all(isinstance(field, str) for field in fields):
        raise InvalidParams(f"{parameter}: a list of field names")
    return list(fields)
