"""Parameters as models write them: an object, nothing, or the text of an object."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BeforeValidator

from mcp_ads.errors import InvalidParams


def from_text(value: Any) -> Any:
    """The object that a text is the JSON of; anything else as it is, for the framework to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except (ValueError, RecursionError):
        return value


Params = Annotated[dict[str, Any] | None, BeforeValidator(from_text)]


def checked_params(value: Any) -> dict[str, Any]:
    """The parameters, also where no framework has looked at them. Raises InvalidParams."""
    known = from_text(value)
    if known is not None and not isinstance(known, dict):
        raise InvalidParams(f"params: an object is needed, not {type(known).__name__}")
    return known or {}
