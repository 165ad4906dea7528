"""What connectors can do, over REST: inspection of one, and the documents of each kind."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from mcp_ads.host import skill_docs, views
from mcp_ads.host.bodies import Body
from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.intake import template_of
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import not_found

from .connectors import PATH, By, kept_of

router = APIRouter(tags=["documents"])


class Asked(Body):
    """Which document, and which section of it."""

    id: Annotated[str, Field(description="docs_skill_id of an inspection.")]
    section: Annotated[str | None, Field(description="Such as entity:campaigns; the overview without.")] = (
        None
    )
    organization_id: str | None = None
    workspace_id: str | None = None


class Sought(Body):
    """A question in everyday words."""

    query: Annotated[str, Field(min_length=1, max_length=500)]
    limit: str | None = None
    cursor: str | None = None


@router.get(f"{PATH}/{{connector_id}}/inspect")
async def inspect(request: Request, connector_id: str, caller: By) -> dict[str, Any]:
    """What a connector is, which documents say what it can do, and what somebody should look after."""
    kept = await kept_of(request, caller, connector_id)
    definition, trouble = DEFINITIONS[kept.slug], host_of(request).desks.trouble(kept)
    return {
        "connector_id": kept.id,
        "name": kept.name,
        "workspace_id": kept.workspace_id,
        "organization_id": kept.organization_id,
        "source_definition_id": definition.id,
        "source_definition_name": definition.title,
        "source_config_template_id": template_of(definition),
        "docs_skill_id": skill_docs.skill_id(definition),
        "context_store_readiness": None,
        "warnings": [*([trouble] if trouble else []), *views.warnings(kept, time.time())],
    }


@router.get("/skills/docs")
async def document(asked: Annotated[Asked, Query()], caller: By) -> dict[str, Any]:
    """One section of a document, with the outline of all."""
    if asked.organization_id not in (None, caller.organization_id):
        raise not_found("organization")
    return skill_docs.document(skill_docs.skill(asked.id), asked.section or "")


@router.get("/skills")
async def documents(_: By) -> dict[str, Any]:
    """The documents there are."""
    return {"data": [skill_docs.metadata(each) for each in DEFINITIONS.values()], "next_cursor": None}


@router.get("/skills/search")
async def search(sought: Annotated[Sought, Query()], _: By) -> dict[str, Any]:
    """The documents in which a question finds actions; `excerpt` names these."""
    return {"data": skill_docs.found(sought.query), "next_cursor": None}
