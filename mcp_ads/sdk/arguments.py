"""Parameters as models write them: an object, nothing, or the text of an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from mcp_ads.core.synonyms import cut
from mcp_ads.core.unsendable import MOST_EXACT, unsendable
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
    if known is not None and not isinstance(known, Mapping):
        raise InvalidParams(f"params: an object is needed, not {type(known).__name__}")
    if wrong := [name for name in known or () if not isinstance(name, str)]:
        raise InvalidParams("\n".join(f"params: the name {cut(name)} is no text" for name in wrong))
    return dict(exact(known or {}))


def exact(value: Any) -> Any:
    """The value with whole numbers of more digits than JSON's numbers keep as text: a program's are exact."""
    if isinstance(value, int) and abs(value) > MOST_EXACT:
        return str(value)
    if isinstance(value, Mapping):
        return {name: exact(part) for name, part in value.items()}
    return [exact(part) for part in value] if isinstance(value, list | tuple) else value


def check_exact(params: Any) -> None:
    """Raise InvalidParams for numbers of a model's that may have lost digits on their way here."""
    known = from_text(params)
    known = known if isinstance(known, Mapping) else {}
    wrong = [f"{name}: {why}" for name, value in known.items() if (why := unsendable(value))]
    if wrong:
        raise InvalidParams("\n".join(wrong))


def checked_plan_id(value: Any) -> str:
    """The id of a plan. Raises InvalidParams."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidParams(
            f"plan_id: the text a planned write answered with is needed, not {type(value).__name__}"
        )
    return value


def check_names(entity: Any, action: Any) -> None:
    """Raise InvalidParams with a line for each name that is no text."""
    named = (("entity", entity), ("action", action))
    wrong = [f"{what}: a name, not {type(it).__name__}" for what, it in named if not isinstance(it, str)]
    if wrong:
        raise InvalidParams("\n".join(wrong))
