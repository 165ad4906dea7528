"""What Airbyte's API has and this host has not: 501 in the shape of every refusal."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from mcp_ads.host.refusals import Refused

router = APIRouter(include_in_schema=False)
ALL = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@router.api_route("/internal/workflows", methods=ALL)
@router.api_route("/internal/workflows/{rest:path}", methods=ALL)
async def workflows() -> Any:
    """Workflows and their automations."""
    raise _unserved("workflows and automations", "call the connectors' actions from a scheduler of your own")


@router.post("/account/applications/widget-token")
async def widget() -> Any:
    """A token for Airbyte's embedded widget."""
    raise _unserved("the embedded widget", "POST …/connectors/oauth/initiate gives a consent page")


@router.post("/workspaces/query/structured")
async def ask() -> Any:
    """A question in words over a workspace."""
    raise _unserved("questions in words", "an agent may ask over MCP, at /mcp")


@router.post("/integrations/connectors/{connector_id}/execute/prepare")
@router.post("/connectors/sources/{connector_id}/execute/prepare")
async def prepare(connector_id: str) -> Any:  # noqa: ARG001
    """A step that Airbyte's API has before a call."""
    raise _unserved("prepare", "POST …/connectors/{id}/execute carries a call out")


def _unserved(what: str, instead: str) -> Refused:
    return Refused(501, f"{what}: this server has none; {instead}", "not_implemented")
