"""Bearer tokens: a client's own for its id and secret, and one for a single workspace."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host import intake
from mcp_ads.host.admission import caller as caller_of
from mcp_ads.host.admission import check_organization, workspace_named
from mcp_ads.host.callers import Caller
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import Refused
from mcp_ads.host.signing import LIFE, Bearer
from mcp_ads.host.store import clients

router = APIRouter(tags=["tokens"])
By = Annotated[Caller, Depends(caller_of)]


class Application(BaseModel):
    """A client and its secret."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    client_id: Annotated[str, Field(examples=["dc94460f-2e3f-43ab-8acf-91102e2ed31c"])]
    client_secret: Annotated[str, Field(examples=["mcs_…"], description="As it was printed, once.")]


class Scoped(BaseModel):
    """The workspace that a token is to be for."""

    model_config = ConfigDict(extra="forbid")
    workspace_name: str | None = None
    customer_name: str | None = None
    external_user_id: str | None = None
    region_id: str | None = None


@router.post("/account/applications/token")
@router.post("/applications/token", include_in_schema=False)
async def token(request: Request, body: Application) -> dict[str, Any]:
    """A token for a client's id and secret; it says what becomes of the client's writes."""
    host = host_of(request)

    async def look(connection: AsyncConnection) -> Any:
        return await clients.known_by(connection, body.client_id, body.client_secret)

    row = await host.database.run(look, reads=True)
    if row is None:
        host.throttle.wrong(body.client_id)
        raise Refused(401, "client_id, client_secret: no such client, or another secret", "unauthorized")
    check_organization(request, row.organization_id)
    return {
        "access_token": host.signer.signed(Bearer(row.organization_id, row.id)),
        "token_type": "bearer",
        "expires_in": LIFE,
        "organization_id": row.organization_id,
        "writes": "off" if host.settings.own.writes == "off" else row.writes,
        **({"sandbox": True} if host.settings.own.sandbox else {}),
    }


@router.post("/account/applications/scoped-token")
@router.post("/embedded/scoped-token", include_in_schema=False)
async def scoped_token(request: Request, body: Scoped, caller: By) -> dict[str, Any]:
    """A token for one workspace, which is made where it is new and the caller may write."""
    if caller.workspace_id:
        raise Refused(403, "a scoped token gives no further ones: ask with the client's own", "forbidden")
    host = host_of(request)
    name = intake.workspace(body.model_dump(include={*intake.WORKSPACES}))
    may_make = caller.authority.scope == "write"
    there = await workspace_named(host, caller, name, make=may_make)
    made = host.signer.signed(Bearer(caller.organization_id, caller.id.removeprefix("client:"), there.id))
    return {"token": made, "access_token": made, "token_type": "bearer", "expires_in": LIFE}


@router.get("/account/applications/scoped-token/info")
async def scoped_token_info(caller: By) -> dict[str, Any]:
    """Which workspace a scoped token is for."""
    if not caller.workspace_id or caller.workspaces is None:
        raise Refused(400, "this token is no scoped one", "not_scoped")
    (name,) = caller.workspaces
    return {
        "organization_id": caller.organization_id,
        "workspace_id": caller.workspace_id,
        "workspace_name": name,
    }
