"""A LangChain agent with the tools of LinkedIn Ads: a plan is applied once a person has answered.

In a checkout: pip install . langchain, then: python examples/langchain_agent.py
"""

from __future__ import annotations

import asyncio
from typing import Any

from conversation import LINKEDIN, Call, Scripted, sandbox
from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from mcp_ads import LinkedinAdsConnector, build_connector_tools


class Model(BaseChatModel):
    """The script as a chat model of LangChain; in its place stands "openai:gpt-5" or any other."""

    scripted: Any

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> Model:
        """The script knows the tools."""
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        step = self.scripted.says(str(messages[-1].content))
        if isinstance(step, Call):
            call = {"name": step.tool, "args": step.arguments, "id": f"call-{len(messages)}"}
            said = AIMessage("", tool_calls=[call])
        else:
            said = AIMessage(step)
        return ChatResult(generations=[ChatGeneration(message=said)])


async def main() -> None:
    """Ask, approve what the agent wants to apply, and go on."""
    sandbox()
    async with LinkedinAdsConnector() as connector:
        tools = build_connector_tools(connector, "langchain")
        agent = create_agent(
            Model(scripted=Scripted(LINKEDIN)), tools.as_list(), checkpointer=InMemorySaver()
        )
        thread = {"configurable": {"thread_id": "1"}}
        asked = {"messages": [("user", "How did my campaigns do? Rename the first one.")]}
        state = await agent.ainvoke(asked, thread)
        while waiting := state.get("__interrupt__"):
            (request,) = waiting[0].value["action_requests"]
            print(f"{request['description']}\nperson: yes")
            state = await agent.ainvoke(Command(resume={"decisions": [{"type": "approve"}]}), thread)


asyncio.run(main())
