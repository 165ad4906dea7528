"""The kinds of connectors over REST, each with the schema of what it is created with."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from mcp_ads.host.bodies import Body
from mcp_ads.host.catalog import DEFINITIONS, Definition
from mcp_ads.host.refusals import not_found
from mcp_ads.host.specs import spec

from .connectors import By

PATH = "/integrations/definitions/sources"
router = APIRouter(tags=["definitions"])
QUESTIONS = ("Which campaigns spent most last week?", "Pause the ads without a conversion in 30 days")


class Filter(Body):
    """Which kinds to list."""

    name: Annotated[str | None, Field(description="Part of the name, in any case.")] = None


@router.get(PATH)
async def every(wanted: Annotated[Filter, Query()], _: By) -> dict[str, Any]:
    """The kinds that can be kept."""
    part = (wanted.name or "").lower().replace("_", "-")
    fits = [
        known
        for known in DEFINITIONS.values()
        if part in known.title.lower() or part.replace(" ", "-") in known.slug
    ]
    return {"definitions": [_line(known) for known in fits]}


@router.get(f"{PATH}/{{definition_id}}")
async def one(definition_id: str, _: By) -> dict[str, Any]:
    """One kind, with its `spec`."""
    for known in DEFINITIONS.values():
        if definition_id.lower() in (known.id, known.slug):
            definition = {**_line(known), "spec": {"connectionSpecification": spec(known)}}
            return {"id": known.id, "definition": definition, "example_questions": [*QUESTIONS]}
    raise not_found("definition")


def _line(known: Definition) -> dict[str, Any]:
    return {
        "sourceDefinitionId": known.id,
        "name": known.title,
        "slug": known.slug,
        "iconUrl": None,
        "supportLevel": "community",
    }
