"""An agent of the OpenAI Agents SDK with the tools of Amazon Ads: applying a plan waits for approval.

In a checkout: pip install . openai-agents, then: python examples/openai_agents_agent.py
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from agents import Agent, Model, ModelResponse, Runner, Usage, set_tracing_disabled
from conversation import AMAZON, Call, Scripted, sandbox
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from mcp_ads import AmazonAdsConnector, build_connector_tools


class ScriptedModel(Model):
    """The script as a model of the SDK; in its place stands "gpt-5" or any other."""

    def __init__(self) -> None:
        self._scripted = Scripted(AMAZON)

    async def get_response(self, system_instructions: Any, input: Any, *_: Any, **__: Any) -> ModelResponse:
        """What the script says next."""
        last = input[-1] if isinstance(input, list) else {}
        step = self._scripted.says(str(last.get("output", "")))
        said = _called(step, len(input)) if isinstance(step, Call) else _said(step)
        return ModelResponse(output=[said], usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        """The example does not stream."""
        raise RuntimeError("not streamed")


def _called(call: Call, number: int) -> ResponseFunctionToolCall:
    return ResponseFunctionToolCall(
        type="function_call", name=call.tool, arguments=json.dumps(call.arguments), call_id=f"call-{number}"
    )


def _said(text: str) -> ResponseOutputMessage:
    content = [ResponseOutputText(type="output_text", text=text, annotations=[])]
    return ResponseOutputMessage(
        id="said", type="message", role="assistant", status="completed", content=content
    )


async def main() -> None:
    """Ask, approve what the agent wants to apply, and go on."""
    sandbox()
    set_tracing_disabled(True)
    async with AmazonAdsConnector() as connector:
        tools = build_connector_tools(connector, "openai_agents")
        agent = Agent(name="Ads", model=ScriptedModel(), tools=tools.as_list())
        run = await Runner.run(agent, "How did my campaigns do? Rename the first one.")
        while run.interruptions:
            state = run.to_state()
            for call in run.interruptions:
                plan_id = json.loads(call.arguments)["plan_id"]
                print(f"{await connector.plan(plan_id)}\nperson: yes")
                state.approve(call)
            run = await Runner.run(agent, state)


asyncio.run(main())
