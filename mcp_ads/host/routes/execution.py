"""Execution over REST: one call of a connector, and plans that wait."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from mcp_ads.host.admission import caller as caller_of
from mcp_ads.host.airbyte_reads import HEADER, SDK, answered
from mcp_ads.host.bodies import Body
from mcp_ads.host.callers import Caller
from mcp_ads.host.execution import Asked, applied, carried_out
from mcp_ads.host.parts import host_of
from mcp_ads.host.records.intents import MOST_INTENT
from mcp_ads.sdk.shaping import check_shape, shape_of

from .connectors import kept_of

router = APIRouter(tags=["execution"])
By = Annotated[Caller, Depends(caller_of)]
Fields = Annotated[list[str] | None, Field(max_length=500)]


class Execute(Body):
    """What is to be carried out."""

    entity: Annotated[str, Field(min_length=1, max_length=100, examples=["campaigns"])]
    action: Annotated[str, Field(min_length=1, max_length=100, examples=["list"])]
    params: dict[str, Any] | None = None
    select_fields: Annotated[Fields, Field(description="Dotted paths; wins over exclude_fields.")] = None
    exclude_fields: Fields = None
    skip_truncation: Annotated[bool, Field(description="False cuts long texts of lists.")] = True
    intent: Annotated[
        str | None, Field(max_length=MOST_INTENT, description="Why; kept in the audit log.")
    ] = None

    def asked(self) -> Asked:
        """The same for the engine. Raises InvalidParams."""
        shape = shape_of(self.select_fields, self.exclude_fields, skip_truncation=self.skip_truncation)
        check_shape(shape)
        return Asked(self.entity, self.action, self.params or {}, shape, self.intent or "")


class Apply(Body):
    """Why a plan is applied."""

    intent: Annotated[str | None, Field(max_length=MOST_INTENT)] = None


@router.post("/integrations/connectors/{connector_id}/execute")
@router.post("/connectors/sources/{connector_id}/execute", include_in_schema=False)
@router.post("/connectors/instances/{connector_id}/execute", include_in_schema=False)
async def execute(request: Request, connector_id: str, body: Execute, caller: By) -> dict[str, Any]:
    """Carry out one action of one entity. A write of a client whose writes are planned is answered 409."""
    kept = await kept_of(request, caller, connector_id)
    answer = await carried_out(host_of(request), caller, kept, body.asked())
    if request.headers.get(HEADER) == SDK:
        found = answer["result"], answer["connector_metadata"]
        answer["result"] = answered(kept.slug, body.entity, body.action, *found)
    return answer


@router.post("/integrations/connectors/{connector_id}/plans/{plan_id}/apply")
async def apply(
    request: Request, connector_id: str, plan_id: str, caller: By, body: Apply | None = None
) -> dict[str, Any]:
    """Carry out a plan, once. One that the account has left behind is answered 409 with a fresh plan."""
    kept = await kept_of(request, caller, connector_id)
    return await applied(host_of(request), caller, kept, plan_id, (body and body.intent) or "")
