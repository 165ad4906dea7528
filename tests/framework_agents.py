"""An agent of each framework whose make-believe model calls one tool: what the model is answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from fastmcp import Client

Names = Mapping[str, Any]
Drive = Callable[[Names, str, dict[str, Any]], Awaitable[Any]]


async def pydantic_ai(names: Names, tool: str, asked: dict[str, Any]) -> Any:
    """The tool of `agent`."""
    said = pytest.importorskip("pydantic_ai.messages")
    function = pytest.importorskip("pydantic_ai.models.function")

    def model(messages: list[Any], info: Any) -> Any:
        assert [offered.name for offered in info.function_tools] == [tool]
        done = any(isinstance(part, said.ToolReturnPart) for part in messages[-1].parts)
        return said.ModelResponse([said.TextPart("done") if done else said.ToolCallPart(tool, asked)])

    with names["agent"].override(model=function.FunctionModel(model)):
        run = await names["agent"].run("go")
    parts = (part for message in run.all_messages() for part in message.parts)
    (answer,) = (part for part in parts if isinstance(part, said.ToolReturnPart))
    return json.loads(answer.model_response_str())


async def langchain(names: Names, tool: str, asked: dict[str, Any]) -> Any:
    """The tool, which is a name of its own."""
    fake = pytest.importorskip("langchain_core.language_models.fake_chat_models")
    messages = pytest.importorskip("langchain_core.messages")
    call = {"name": tool, "args": asked, "id": "1", "type": "tool_call"}
    model = fake.GenericFakeChatModel(messages=iter([messages.AIMessage("", tool_calls=[call])]))
    (meant,) = (await model.ainvoke("go")).tool_calls
    assert names[tool].name == tool
    answer = await names[tool].ainvoke(meant)
    assert isinstance(answer, messages.ToolMessage)
    return json.loads(str(answer.content))


async def openai_agents(names: Names, tool: str, asked: dict[str, Any]) -> Any:
    """The tool of `agent`."""
    agents = pytest.importorskip("agents")
    responses = pytest.importorskip("openai.types.responses")
    text = responses.ResponseOutputText(type="output_text", text="done", annotations=[])
    call = {"type": "function_call", "call_id": "1", "name": tool, "arguments": json.dumps(asked)}
    end = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}
    said = [responses.ResponseFunctionToolCall(**call), responses.ResponseOutputMessage(**end)]

    async def get_response(*_: Any, **given: Any) -> Any:
        assert given["tools"][0].name == tool
        return agents.ModelResponse(output=[said.pop(0)], usage=agents.Usage(), response_id=None)

    own = {"get_response": get_response, "stream_response": None}
    config = agents.RunConfig(model=type("Fake", (agents.Model,), own)(), tracing_disabled=True)
    run = await agents.Runner.run(names["agent"], "go", run_config=config)
    (answer,) = (item for item in run.new_items if item.type == "tool_call_output_item")
    return answer.output if isinstance(answer.output, dict | list) else json.loads(str(answer.output))


async def fastmcp(names: Names, tool: str, asked: dict[str, Any]) -> Any:
    """The tool of the server `mcp`, by a client of it."""
    async with Client(names["mcp"]) as client:
        assert [offered.name for offered in await client.list_tools()] == [tool]
        answer = await client.call_tool(tool, asked)
    (block,) = answer.content
    return json.loads(getattr(block, "text", ""))


AGENTS: dict[str, Drive] = {
    "pydantic_ai": pydantic_ai,
    "langchain": langchain,
    "openai_agents": openai_agents,
    "fastmcp": fastmcp,
}
