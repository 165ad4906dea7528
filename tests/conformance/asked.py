"""Tools and a prompt that answer with what they need of the client, as the modern era has it (SEP-2322)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mcp_types
from conformance.offered import declared
from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from mcp_types import InputRequiredResult

STATE = "state of the first round"
Answer = str | InputRequiredResult


def offer(server: FastMCP) -> None:
    """Register all of it."""
    for tool in TOOLS:
        server.tool(tool)
    server.prompt(test_input_required_result_prompt)


def needed(state: str | None = None, **requests: Any) -> InputRequiredResult:
    """An answer that asks the client for something, and what it hands back beside that."""
    return InputRequiredResult(result_type="input_required", input_requests=requests, request_state=state)


def form(message: str, field: str, kind: str = "string") -> mcp_types.ElicitRequest:
    """A form with one field."""
    schema = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    params = mcp_types.ElicitRequestFormParams(message=message, requested_schema=schema)
    return mcp_types.ElicitRequest(method="elicitation/create", params=params)


def sample(text: str) -> mcp_types.CreateMessageRequest:
    """A question to the client's model."""
    said = mcp_types.SamplingMessage(role="user", content=mcp_types.TextContent(type="text", text=text))
    params = mcp_types.CreateMessageRequestParams(messages=[said], max_tokens=100)
    return mcp_types.CreateMessageRequest(method="sampling/createMessage", params=params)


def roots() -> mcp_types.ListRootsRequest:
    """A question for the client's folders."""
    return mcp_types.ListRootsRequest(method="roots/list")


def written(given: Mapping[str, Any], key: str, field: str) -> str:
    """What the user wrote into a field."""
    answer = given[key]
    return str((answer.content or {}).get(field, "")) if isinstance(answer, mcp_types.ElicitResult) else ""


async def test_input_required_result_elicitation(ctx: Context) -> Answer:
    """Asks for a name, and again where an answer has none."""
    given = ctx.input_responses or {}
    if "user_name" not in given:
        return needed(user_name=form("What is your name?", "name"))
    return f"Hello, {written(given, 'user_name', 'name')}!"


async def test_input_required_result_sampling(ctx: Context) -> Answer:
    """Asks the client's model."""
    if not ctx.input_responses:
        return needed(capital_question=sample("What is the capital of France?"))
    return f"Sampled: {ctx.input_responses['capital_question']}"


async def test_input_required_result_list_roots(ctx: Context) -> Answer:
    """Asks for the client's folders."""
    if not ctx.input_responses:
        return needed(client_roots=roots())
    return f"Roots: {ctx.input_responses['client_roots']}"


async def test_input_required_result_request_state(ctx: Context) -> Answer:
    """Has the client hand its state back."""
    if not ctx.input_responses:
        return needed(STATE, confirm=form("Please confirm", "ok", "boolean"))
    if ctx.request_state != STATE:
        raise ToolError("requestState is another")
    return "state-ok"


async def test_input_required_result_multiple_inputs(ctx: Context) -> Answer:
    """Asks for three things at once."""
    if not ctx.input_responses:
        return needed(
            STATE,
            user_name=form("What is your name?", "name"),
            greeting=sample("Generate a greeting"),
            client_roots=roots(),
        )
    return f"{len(ctx.input_responses)} answers"


async def test_input_required_result_multi_round(ctx: Context) -> Answer:
    """Asks a second question with the answer to the first in its state."""
    given = ctx.input_responses or {}
    if "step2" in given:
        return f"{ctx.request_state} likes {written(given, 'step2', 'color')}"
    if "step1" in given:
        return needed(
            written(given, "step1", "name"), step2=form("Step 2: What is your favorite color?", "color")
        )
    return needed("round 1", step1=form("Step 1: What is your name?", "name"))


async def test_input_required_result_tampered_state(ctx: Context) -> Answer:
    """Is not reached by a state that it did not give."""
    if not ctx.input_responses:
        return needed(STATE, confirm=form("Please confirm", "ok", "boolean"))
    return f"accepted: {ctx.request_state}"


async def test_input_required_result_capabilities(ctx: Context) -> Answer:
    """Asks only for what the client can answer."""
    if ctx.input_responses:
        return f"{len(ctx.input_responses)} answers"
    client = declared(ctx)
    asked = {
        "sample": (client.sampling, sample("Say hello")),
        "ask": (client.elicitation, form("What is your name?", "name")),
    }
    return needed(STATE, **{key: request for key, (can, request) in asked.items() if can is not None})


async def test_input_required_result_prompt(ctx: Context) -> Answer:
    """A prompt that asks what it is about."""
    if not ctx.input_responses:
        return needed(user_context=form("What context should the prompt use?", "context"))
    return f"Use this: {written(ctx.input_responses, 'user_context', 'context')}"


TOOLS = (
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_tampered_state,
    test_input_required_result_capabilities,
)
