"""A Pydantic AI agent with the tools of Facebook Marketing: applying a plan waits for a person's approval.

In a checkout: pip install . pydantic-ai-slim, then: python examples/pydantic_ai_agent.py
"""

from __future__ import annotations

import asyncio

from conversation import FACEBOOK, Call, Scripted, sandbox
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from mcp_ads import FacebookMarketingConnector, build_connector_tools


def model() -> FunctionModel:
    """The script as a model of Pydantic AI; in its place stands "openai:gpt-5" or any other."""
    scripted = Scripted(FACEBOOK)

    def answer(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        last = messages[-1].parts[-1]
        seen = last.model_response_str() if hasattr(last, "model_response_str") else str(last.content)
        step = scripted.says(seen)
        if isinstance(step, Call):
            return ModelResponse(parts=[ToolCallPart(step.tool, step.arguments)])
        return ModelResponse(parts=[TextPart(step)])

    return FunctionModel(answer)


async def main() -> None:
    """Ask, approve what the agent wants to apply, and go on."""
    sandbox()
    async with FacebookMarketingConnector() as connector:
        tools = build_connector_tools(connector, "pydantic_ai")
        agent = Agent(model(), tools=tools.as_list(), output_type=[str, DeferredToolRequests])
        run = await agent.run("How did my campaigns do? Rename the first one.")
        while isinstance(run.output, DeferredToolRequests):
            answers = DeferredToolResults()
            for call in run.output.approvals:
                print(f"{run.output.metadata[call.tool_call_id]['plan']}\nperson: yes")
                answers.approvals[call.tool_call_id] = True
            run = await agent.run(message_history=run.all_messages(), deferred_tool_results=answers)


asyncio.run(main())
