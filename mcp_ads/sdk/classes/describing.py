"""What there is, for a program that has nothing but `execute`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core.synonyms import unknown
from mcp_ads.errors import InvalidParams
from mcp_ads.sdk.backend import Backend

ASKED = ("entity", "action", "query")


async def described(backend: Backend, entity: str, params: Mapping[str, Any]) -> str:
    """The text that `params` ask for: of an entity, an action of it, or what fits a query.

    Raises InvalidParams for a parameter that does not ask for any of these.
    """
    asked = {name: value for name, value in params.items() if value is not None}
    wrong = [unknown(str(name), ASKED) for name in asked if name not in ASKED]
    wrong += [f"{name}: text" for name in ASKED if not isinstance(asked.get(name, ""), str)]
    if entity and asked.get("entity", entity) != entity:
        wrong.append("entity: the call is about another one; leave it out")
    if wrong:
        raise InvalidParams("\n".join(wrong))
    entity = entity or asked.get("entity", "")
    return await backend.describe(entity, asked.get("action", ""), asked.get("query", ""))
