"""Consents over REST: asked for by clients, and an organization's own apps at the platforms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.auth.signing_in import signing_in
from mcp_ads.errors import BadSettings
from mcp_ads.host import intake
from mcp_ads.host.admission import caller as caller_of
from mcp_ads.host.bodies import Body
from mcp_ads.host.callers import Caller
from mcp_ads.host.oauth.addresses import origin_of, redirect_url
from mcp_ads.host.oauth.beginning import Asked, consent_url
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import Refused, not_found
from mcp_ads.host.store import oauth_apps, workspaces
from mcp_ads.host.store.oauth_apps import OAuthApp

from .connectors import check_may_change

router = APIRouter(tags=["oauth"])
By = Annotated[Caller, Depends(caller_of)]
Config = dict[str, Any]


class Initiate(Body):
    """A consent as it is asked for."""

    workspace_name: str | None = None
    customer_name: str | None = None
    external_user_id: str | None = None
    connector_type: str | None = None
    definition_id: str | None = None
    source_template_id: str | None = None
    redirect_url: Annotated[
        str, Field(examples=["https://app.example.com/done"], description="https, or http on this machine.")
    ]
    name: str | None = None
    replication_config: Config | None = None
    environment: Config | None = None
    oauth_input_configuration: Config | None = None


class OfApp(Body):
    """An app at a platform; `scopes` is all, read, or names with commas between."""

    client_id: Annotated[str, Field(min_length=1)]
    client_secret: Annotated[str, Field(min_length=1)]
    scopes: str = "all"


class Credentials(Body):
    """An organization's own app."""

    connector_type: str | None = None
    connector_definition_id: str | None = None
    configuration: OfApp


@router.post("/integrations/connectors/oauth/initiate")
async def initiate(request: Request, body: Initiate, caller: By) -> dict[str, str]:
    """The page to send a person to, who comes back to `redirect_url` with secret_id and connector_id."""
    check_may_change(caller)
    kinds = {name: getattr(body, name) for name in intake.KINDS}
    places = {name: getattr(body, name) for name in intake.WORKSPACES}
    workspace, definition, back = intake.every(
        lambda: intake.workspace(places),
        lambda: intake.kind(kinds),
        lambda: redirect_url(body.redirect_url, caller),
    )
    if body.oauth_input_configuration:
        said = "oauth_input_configuration: there is nothing to configure; leave it out"
        raise Refused(422, said, field="oauth_input_configuration")
    config = body.replication_config
    name, kept, environment = intake.every(
        lambda: "" if body.name is None else intake.name_of("name", body.name),
        lambda: {} if config is None else intake.replication(definition, config),
        lambda: intake.environment(definition, body.environment or {}, config or {}),
    )
    if not caller.may_use(workspace):
        raise not_found("workspace")
    host = host_of(request)
    origin = origin_of(host.settings, request.url.scheme, request.headers.get("host", ""))
    client_id = caller.id.partition(":")[2]
    named = name or f"{definition.title} - {workspace}"[: intake.LONGEST]

    async def work(connection: AsyncConnection) -> str:
        place = await workspaces.ensure(connection, caller.organization_id, workspace)
        asked = Asked(caller.organization_id, place.id, definition, client_id, back, named, kept, environment)
        return await consent_url(host, connection, asked, origin)

    return {"consent_url": await host.database.run(work)}


@router.put("/oauth/credentials")
async def put(request: Request, body: Credentials, caller: By) -> dict[str, Any]:
    """Keep the organization's own app for a kind of connector; it is never answered."""
    _check_whole(caller)
    kinds = {"connector_type": body.connector_type, "definition_id": body.connector_definition_id}
    definition, host = intake.kind(kinds), host_of(request)
    signing, app = signing_in(definition.name), OAuthApp(**body.configuration.model_dump())
    try:
        signing.check_id(app.client_id)
        signing.scopes(app.scopes)
    except BadSettings as error:
        raise Refused(422, f"configuration: {str(error).removeprefix('--')}", field="configuration") from None
    row = await host.database.run(
        lambda c: oauth_apps.put(c, host.keys, caller.organization_id, definition.slug, app)
    )
    times = {
        name: datetime.fromtimestamp(row[name], UTC).isoformat() for name in ("created_at", "updated_at")
    }
    whose = {"id": row["id"], "scope_type": "organization", "scope_id": caller.organization_id}
    return {**whose, "connector_type": "source", "connector_definition_id": definition.id, **times}


@router.delete("/oauth/credentials/connector_type/{connector_type}", status_code=204)
async def delete(request: Request, connector_type: str, caller: By) -> None:
    """Forget the organization's own app; the operator's is used again."""
    _check_whole(caller)
    slug = intake.kind({"connector_type": connector_type}).slug
    removed = await host_of(request).database.run(
        lambda c: oauth_apps.remove(c, caller.organization_id, slug)
    )
    if not removed:
        raise not_found("OAuth app")


def _check_whole(caller: Caller) -> None:
    check_may_change(caller)
    if caller.workspaces is not None:
        raise Refused(
            403, "an organization's OAuth app is not for clients of single workspaces", "not_allowed"
        )
