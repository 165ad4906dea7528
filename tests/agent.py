"""An agent: a connected MCP client that reads texts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from engine_client import Row, Table
from fastmcp import Client
from issued_tokens import seen

EVERY = {"limit": 1000}
"""Asks for a list whole."""


@dataclass
class Agent:
    """Calls tools; `progress` is what was reported meanwhile."""

    client: Client[Any]
    progress: list[str] = field(default_factory=list)

    async def call(self, tool: str, **arguments: Any) -> tuple[str, bool]:
        """The one text of the answer, and whether it is an error."""
        result = await self.client.call_tool(tool, arguments, raise_on_error=False)
        assert result.structured_content is None
        (content,) = result.content
        text = str(getattr(content, "text", ""))
        seen(text, tool)
        return text, result.is_error

    async def good(self, tool: str, **arguments: Any) -> str:
        """The text of an answer that is no error."""
        text, failed = await self.call(tool, **arguments)
        assert not failed, text
        return text

    async def wrong(self, tool: str, **arguments: Any) -> str:
        """The text of an error."""
        text, failed = await self.call(tool, **arguments)
        assert failed, text
        assert text.startswith("ERROR "), text
        return text

    async def table(self, connector: str, entity: str, action: str, **params: Any) -> Table:
        """Rows, as the agent reads them."""
        return Table(await self.good(f"{connector}_execute", entity=entity, action=action, params=params))

    async def read(self, uri: str) -> str:
        """A resource's text."""
        (content,) = await self.client.read_resource(uri)
        text = str(getattr(content, "text", ""))
        seen(text, uri)
        return text

    async def plan(self, connector: str, entity: str, action: str, **params: Any) -> str:
        """The id of the plan a write answers with."""
        arguments = {"entity": entity, "action": action, "params": params, "format": "json"}
        answer = json.loads(await self.good(f"{connector}_execute", **arguments))
        return str(answer["data"]["plan_id"])

    async def rows(self, connector: str, entity: str, **params: Any) -> list[Row]:
        """Rows of a list; of one asked for whole (`EVERY`) page after page, as its cursor leads on."""
        answer = await self.table(connector, entity, "list", **params)
        found = answer.rows
        while answer.meta["more"] and params.get("limit") == EVERY["limit"]:
            answer = await self.table(connector, entity, "list", **params, cursor=answer.meta["cursor"])
            found += answer.rows
        return found

    async def done(self, connector: str, entity: str, action: str, **params: Any) -> str:
        """The answer of a plan that was approved and carried out whole."""
        text = await self.good("ads_apply", plan_id=await self.plan(connector, entity, action, **params))
        made, of = text.partition("APPLIED: ")[2].partition("\n")[0].removesuffix(" done").split(" of ")
        assert made == of, text
        return text
