"""What the conformance suite calls on a server: tools, resources and prompts by the names it knows."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Annotated, Any, Literal

import mcp_types
from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.prompts import Message
from fastmcp.tools.function_tool import FunctionTool
from fastmcp.utilities.types import Audio, Image
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, Field

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8BQDwAEgAF/pooBPQAAAABJRU5ErkJggg=="
)
WAV = base64.b64decode("UklGRiYAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQIAAAAAAA==")
PAUSE = 0.01
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"}},
    "allOf": [{"anyOf": [{"required": ["name"]}, {"required": ["address"]}]}],
    "if": {"required": ["address"]},
    "then": {"properties": {"name": {"minLength": 1}}},
    "else": {},
    "additionalProperties": False,
}
"""A parameter schema with the keywords of JSON Schema 2020-12 that must arrive as they are."""
CHOICES = {
    "untitledSingle": {"type": "string", "enum": ["a", "b"]},
    "titledSingle": {"type": "string", "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]},
    "legacyEnum": {"type": "string", "enum": ["a", "b"], "enumNames": ["A", "B"]},
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
    "titledMulti": {
        "type": "array",
        "items": {"anyOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]},
    },
}


class Person(BaseModel):
    """What `test_elicitation` asks for."""

    username: str
    email: str


class Defaults(BaseModel):
    """A form in which everything has a default."""

    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: Literal["active", "inactive", "pending"] = "active"
    verified: bool = True


def image() -> mcp_types.ImageContent:
    """One pixel."""
    return mcp_types.ImageContent(type="image", data=base64.b64encode(PNG).decode(), mime_type="image/png")


def embedded(uri: str, text: str, mime_type: str = "text/plain") -> mcp_types.EmbeddedResource:
    """A resource that stands in an answer."""
    contents = mcp_types.TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    return mcp_types.EmbeddedResource(type="resource", resource=contents)


def offer(server: FastMCP) -> None:
    """Register all of it."""
    for tool in (*CONTENT, *TALKING, *MODERN):
        server.tool(tool)
    server.add_tool(
        FunctionTool(
            fn=json_schema_2020_12_tool,
            name="json_schema_2020_12_tool",
            description="Has a schema with keywords of 2020-12",
            parameters=SCHEMA,
        )
    )
    server.resource("test://static-text", mime_type="text/plain")(static_text)
    server.resource("test://static-binary", mime_type="image/png")(static_binary)
    server.resource("test://watched-resource", mime_type="text/plain")(static_text)
    server.resource("test://template/{id}/data", mime_type="application/json")(template)
    for prompt in PROMPTS:
        server.prompt(prompt)


async def test_simple_text() -> str:
    """A text."""
    return "This is a simple text response for testing."


async def test_image_content() -> Image:
    """An image."""
    return Image(data=PNG, format="png")


async def test_audio_content() -> Audio:
    """A sound."""
    return Audio(data=WAV, format="wav")


async def test_embedded_resource() -> list[Any]:
    """A resource in the answer."""
    return [embedded("test://embedded-resource", "This is an embedded resource content.")]


async def test_multiple_content_types() -> list[Any]:
    """A text, an image and a resource."""
    text = mcp_types.TextContent(type="text", text="Multiple content types test:")
    return [text, image(), embedded("test://mixed-content-resource", '{"test": "data"}', "application/json")]


async def test_error_handling() -> str:
    """Fails."""
    raise ToolError("This tool intentionally returns an error for testing")


async def test_tool_with_logging(ctx: Context) -> str:
    """Logs three times."""
    for text in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.info(text)
        await asyncio.sleep(PAUSE)
    return "logged"


async def test_tool_with_progress(ctx: Context) -> str:
    """Tells of its progress three times."""
    for done in (0, 50, 100):
        await ctx.report_progress(done, 100)
        await asyncio.sleep(PAUSE)
    return "done"


async def test_sampling(prompt: str, ctx: Context) -> str:
    """Asks the client's model."""
    said = mcp_types.TextContent(type="text", text=prompt)
    result = await ctx.session.create_message(
        messages=[mcp_types.SamplingMessage(role="user", content=said)],
        max_tokens=100,
        related_request_id=ctx.origin_request_id,
    )
    return f"LLM response: {result.content}"


async def test_elicitation(message: str, ctx: Context) -> str:
    """Asks the user."""
    return f"User response: {await ctx.elicit(message, Person)}"


async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
    """Asks the user by a form with defaults."""
    return f"Elicitation completed: {await ctx.elicit('Please look at the defaults', Defaults)}"


async def test_elicitation_sep1330_enums(ctx: Context) -> str:
    """Asks the user by a form with choices of every kind."""
    schema = {"type": "object", "properties": CHOICES, "required": []}
    result = await ctx.session.elicit(
        message="Please choose", requested_schema=schema, related_request_id=ctx.origin_request_id
    )
    return f"Elicitation completed: action={result.action}, content={json.dumps(result.content or {})}"


async def test_reconnection(ctx: Context) -> str:
    """Closes the stream of its own answer, which the client then asks for again."""
    await ctx.report_progress(0, 100)
    await ctx.close_sse_stream()
    await asyncio.sleep(10 * PAUSE)
    return "Reconnection test completed"


async def test_custom_headers(
    message: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Message"})],
) -> str:
    """Has an argument that a header repeats."""
    return f"Received: {message}"


async def test_missing_capability(ctx: Context) -> str:
    """Needs a client that samples."""
    if declared(ctx).sampling is None:
        needed = mcp_types.MissingRequiredClientCapabilityErrorData(
            required_capabilities=mcp_types.ClientCapabilities.model_validate({"sampling": {}})
        )
        raise MCPError(
            code=mcp_types.MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="the client does not sample",
            data=needed.model_dump(by_alias=True, mode="json", exclude_none=True),
        )
    return "the client samples"


async def test_logging_tool(ctx: Context) -> str:
    """Logs, which nobody may hear who did not ask for it."""
    await ctx.info("logged")
    return "logged"


async def test_streaming_elicitation(ctx: Context) -> str:
    """Tells of its progress in the stream of its own answer."""
    await ctx.report_progress(1, 2)
    return "streamed"


def declared(ctx: Context) -> mcp_types.ClientCapabilities:
    """What the client says it can do, in this request or when it began."""
    params = ctx.session.client_params
    return params.capabilities if params else mcp_types.ClientCapabilities()


async def json_schema_2020_12_tool(name: str = "", address: dict[str, str] | None = None) -> str:
    """Says what it was given."""
    return f"name={name}, address={address}"


async def complete(
    ref: mcp_types.PromptReference | mcp_types.ResourceTemplateReference,
    argument: mcp_types.CompletionArgument,
    context: mcp_types.CompletionContext | None,
) -> mcp_types.Completion:
    """Values that begin as the argument does."""
    values = [value for value in ("paris", "park", "party") if value.startswith(argument.value)]
    return mcp_types.Completion(values=values, total=len(values), has_more=False)


async def static_text() -> str:
    """A text."""
    return "This is the content of the static text resource."


async def static_binary() -> bytes:
    """One pixel."""
    return PNG


async def template(id: str) -> str:
    """A page for each id."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


async def test_simple_prompt() -> str:
    """A text."""
    return "This is a simple prompt for testing."


async def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
    """A text with two arguments in it."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


async def test_prompt_with_embedded_resource(resourceUri: str) -> list[Any]:  # noqa: N803 - the suite's name
    """A resource and a text."""
    return [
        Message(embedded(resourceUri, "Embedded resource content for testing.")),
        Message("Please read it."),
    ]


async def test_prompt_with_image() -> list[Any]:
    """An image and a text."""
    return [Message(image()), Message("Please look at it.")]


CONTENT = (
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_error_handling,
)
TALKING = (
    test_tool_with_logging,
    test_tool_with_progress,
    test_sampling,
    test_elicitation,
    test_elicitation_sep1034_defaults,
    test_elicitation_sep1330_enums,
    test_reconnection,
)
MODERN = (test_custom_headers, test_missing_capability, test_logging_tool, test_streaming_elicitation)
PROMPTS = (
    test_simple_prompt,
    test_prompt_with_arguments,
    test_prompt_with_embedded_resource,
    test_prompt_with_image,
)
