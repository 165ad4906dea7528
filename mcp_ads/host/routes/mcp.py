"""`/mcp`: the tools of one workspace for agents, with a token of that workspace."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from mcp_ads.host.admission import caller
from mcp_ads.host.callers import Caller
from mcp_ads.host.mcp import Handed
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import Refused

router = APIRouter(include_in_schema=False)
OF_ONE = (
    "/mcp takes a token of one workspace: `mcp-ads host token add --workspace NAME --scope read|plan|write` "
    "makes one, or POST /api/v1/account/applications/scoped-token"
)


@router.api_route("/mcp", methods=["GET", "POST", "DELETE"])
async def mcp(request: Request, caller: Annotated[Caller, Depends(caller)]) -> Response:
    """MCP over streamable HTTP, without sessions."""
    if not caller.workspace_id:
        raise Refused(403, OF_ONE, "not_allowed")
    desk = await host_of(request).desks.of(caller, caller.workspace_id)
    return Handed(await request.app.state.mcp.of(desk), caller)
