"""A FastMCP server of your own with the tools of LinkedIn Ads; clients ask before they apply a plan.

In a checkout: pip install ., then: python examples/fastmcp_server.py, which talks to the server in this process,
or python examples/fastmcp_server.py serve, which serves it over stdio.
"""

from __future__ import annotations

import asyncio
import sys

from conversation import LINKEDIN, Call, Scripted, sandbox
from fastmcp import Client, FastMCP

from mcp_ads import LinkedinAdsConnector, build_connector_tools


def server() -> FastMCP:
    """The server; beside these tools it may have any others."""
    mcp = FastMCP("Ads")
    for tool in build_connector_tools(LinkedinAdsConnector(), "fastmcp").as_list():
        mcp.add_tool(tool)
    return mcp


async def talk() -> None:
    """What a client does: it asks a person before it calls a tool that may change something."""
    scripted = Scripted(LINKEDIN)
    async with Client(server()) as client:
        tools = {tool.name: tool for tool in await client.list_tools()}
        step = scripted.says("")
        while isinstance(step, Call):
            if not tools[step.tool].annotations.read_only_hint:
                asked = {"query": step.arguments["plan_id"]}
                shown = await client.call_tool("linkedin_ads_describe", asked)
                print(f"{shown.content[0].text}\nperson: yes")
            answer = await client.call_tool(step.tool, step.arguments, raise_on_error=False)
            step = scripted.says(answer.content[0].text)


sandbox()
if sys.argv[1:] == ["serve"]:
    server().run(show_banner=False)
else:
    asyncio.run(talk())
