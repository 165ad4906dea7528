"""Execution over REST: one call of a connector, and plans that wait."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.admission import caller as caller_of
from mcp_ads.host.airbyte_reads import HEADER, SDK, answered
from mcp_ads.host.bodies import Body
from mcp_ads.host.callers import Caller
from mcp_ads.host.execution import Asked, applied, carried_out, is_read, listed, looked_at
from mcp_ads.host.heard import heard
from mcp_ads.host.once import carried, carried_once
from mcp_ads.host.parts import host_of
from mcp_ads.host.records.intents import MOST_INTENT
from mcp_ads.host.records.lines import lines_of
from mcp_ads.host.store import workspaces
from mcp_ads.host.store.repeated import Write
from mcp_ads.sdk.shaping import check_shape, shape_of

from .connectors import Key, kept_of

ONE = "/integrations/connectors/{connector_id}"
router = APIRouter(tags=["execution"])
By = Annotated[Caller, Depends(caller_of)]
Fields = Annotated[list[str] | None, Field(max_length=500)]


class Execute(Body):
    """What is to be carried out."""

    entity: Annotated[
        str, Field(max_length=100, examples=["campaigns"], description="What it is about; * for a check.")
    ]
    action: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            examples=["list"],
            description="What is to be done; describe says what there is.",
        ),
    ]
    params: Annotated[
        dict[str, Any] | None,
        Field(examples=[{"limit": 10}], description="The parameters of the action, as describe names them."),
    ] = None
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


class Wanted(Body):
    """Which lines of the audit log: so many of those before a number."""

    model_config = ConfigDict(strict=False)
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    before: Annotated[int | None, Field(ge=1)] = None


class Apply(Body):
    """Why a plan is applied."""

    intent: Annotated[str | None, Field(max_length=MOST_INTENT)] = None


@router.post(f"{ONE}/execute")
@router.post("/connectors/sources/{connector_id}/execute", include_in_schema=False)
@router.post("/connectors/instances/{connector_id}/execute", include_in_schema=False)
async def execute(
    request: Request, response: Response, connector_id: str, body: Execute, caller: By, key: Key = None
) -> dict[str, Any]:
    """Carry out one action of one entity. A write of a client whose writes are planned is answered 409."""
    host = host_of(request)
    kept, made = await host.desks.of_connector(caller, connector_id)
    asked = body.asked()
    if is_read(made, kept, asked):
        answer = await heard(request, carried_out(made, caller, kept, asked))
    else:
        write = Write.of(caller, kept.workspace_id, key, kept.id, asked.entity, asked.action, asked.params)
        answer, headers = await carried_once(host, write, lambda: carried_out(made, caller, kept, asked))
        response.headers.update(headers)
    if request.headers.get(HEADER) == SDK:
        found = answer["result"], answer["connector_metadata"]
        answer["result"] = answered(kept.slug, body.entity, body.action, *found)
    return answer


@router.get(f"{ONE}/plans")
async def plans(request: Request, connector_id: str, caller: By) -> dict[str, Any]:
    """The plans of this connector that the caller may apply, the oldest first: a client's own, and those
    that tokens of /mcp made.
    """
    kept, host = await kept_of(request, caller, connector_id), host_of(request)
    return {"data": await listed(host, caller, kept)}


@router.get(f"{ONE}/plans/{{plan_id}}")
async def plan(request: Request, connector_id: str, plan_id: str, caller: By) -> dict[str, Any]:
    """One plan, whole, with the text that a person agrees to."""
    kept, host = await kept_of(request, caller, connector_id), host_of(request)
    return await looked_at(host, caller, kept, plan_id)


@router.post(f"{ONE}/plans/{{plan_id}}/apply")
async def apply(
    request: Request,
    response: Response,
    connector_id: str,
    plan_id: str,
    caller: By,
    body: Apply | None = None,
    key: Key = None,
) -> dict[str, Any]:
    """Carry out a plan, once. One that the account has left behind is answered 409 with a fresh plan."""
    kept, host, intent = await kept_of(request, caller, connector_id), host_of(request), body and body.intent

    async def carry() -> dict[str, Any]:
        return await applied(host, caller, kept, plan_id, intent or "")

    if key is None:
        return await carried(carry)
    write = Write.of(caller, kept.workspace_id, key, kept.id, plan_id)
    answer, headers = await carried_once(host, write, carry)
    response.headers.update(headers)
    return answer


@router.get("/workspaces/{workspace_id}/audit")
async def audit(
    request: Request, workspace_id: str, caller: By, wanted: Annotated[Wanted, Query()]
) -> dict[str, Any]:
    """What was changed in a workspace, or may have been, the last first: who, what, which outcome."""

    def shown(line: dict[str, Any]) -> bool:
        return caller.authority.covers([(str(line.get("connector")), str(line.get("account")))])

    async def look(connection: AsyncConnection) -> list[dict[str, Any]]:
        await workspaces.theirs(connection, caller, workspace_id)
        return await lines_of(
            connection, caller.organization_id, workspace_id, wanted.before, wanted.limit + 1, shown
        )

    found = await host_of(request).database.run(look, reads=True)
    more = found[wanted.limit - 1]["number"] if len(found) > wanted.limit else None
    return {"data": found[: wanted.limit], "before": more}
