"""No framework: a loop of your own around a model, with the tools of Facebook Marketing as functions.

In a checkout: pip install ., then: python examples/plain.py
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from conversation import FACEBOOK, Call, Scripted, sandbox

from mcp_ads import FacebookMarketingConnector
from mcp_ads.errors import ToolError


async def main() -> None:
    """Give the model what its calls answer, or what is wrong with them; a person agrees to plans."""
    sandbox()
    async with FacebookMarketingConnector() as connector:

        @FacebookMarketingConnector.tool_utils(framework="none")
        async def execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
            """Read and plan changes of Facebook ads."""
            found = await connector.execute(entity, action, params or {})
            return found.model_dump(mode="json") if hasattr(found, "model_dump") else found

        print(f"The model reads of the tool:\n{execute.__doc__}\n")
        scripted = Scripted(FACEBOOK)
        step = scripted.says("")
        while isinstance(step, Call):
            try:
                if step.tool.endswith("_apply"):
                    print(f"{await connector.plan(step.arguments['plan_id'])}\nperson: yes")
                    answer = await connector.apply(**step.arguments)
                else:
                    answer = await execute(**step.arguments)
                seen = json.dumps(answer)
            except ToolError as error:
                seen = str(error)
            step = scripted.says(seen)


asyncio.run(main())
