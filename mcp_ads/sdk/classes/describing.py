"""What there is: as text, for a program that has nothing but `execute`, and as a list of entities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Connector
from mcp_ads.core.synonyms import unknown
from mcp_ads.errors import InvalidParams
from mcp_ads.sdk.backend import Backend, Shape
from mcp_ads.sdk.record import Record
from mcp_ads.sdk.shaping import check_shapeless

ASKED = ("entity", "action", "query")


async def described(backend: Backend, entity: str, params: Mapping[str, Any], shape: Shape) -> Record:
    """The `text` that `params` ask for: of an entity, an action of it, or what fits a query.

    Raises InvalidParams for a parameter that does not ask for any of these, and for parts of records.
    """
    check_shapeless(shape, "a description, which is text")
    asked = {name: value for name, value in params.items() if value is not None}
    wrong = [unknown(str(name), ASKED) for name in asked if name not in ASKED]
    wrong += [f"{name}: text" for name in ASKED if not isinstance(asked.get(name, ""), str)]
    if entity and asked.get("entity", entity) != entity:
        wrong.append("entity: the call is about another one; leave it out")
    if wrong:
        raise InvalidParams("\n".join(wrong))
    entity = entity or asked.get("entity", "")
    text = await backend.describe(entity, asked.get("action", ""), asked.get("query", ""))
    made = Record(text=text)
    made.response_meta = {"host": backend.host} if backend.host else {}
    return made


def listed(offer: Connector) -> list[dict[str, Any]]:
    """Each entity with its description and the names of its actions."""
    return [
        {"entity_name": name, "description": doc, "available_actions": list(offer.entity(name).actions)}
        for name, doc, _ in offer.entities
    ]
