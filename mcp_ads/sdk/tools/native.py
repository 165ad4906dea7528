"""The tools of each framework, made of a guarded function."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from .frameworks import NONE

NOBODY = (
    "NotApproved: nothing was done. No person can be asked here: run the agent in langgraph with a "
    "checkpointer, or build the tools with approve=False where the program asks a person itself"
)
RETRIES = 3
"""Wrong calls in a row that a model may mend before its run ends."""


@dataclass(frozen=True)
class Made:
    """What a tool is made of: `reads` says that it changes nothing.

    Where a person agrees first, `asks` is the whole text of a plan that they agree to.
    """

    function: Callable[..., Any]
    name: str
    doc: str
    reads: bool
    asks: Callable[[str], Awaitable[str]] | None = None


def pydantic_ai_tool(made: Made) -> Any:
    """A `pydantic_ai.Tool`; what a person agrees to is in `DeferredToolRequests.metadata`."""
    return import_module("pydantic_ai").Tool(
        _deferred(made.function, made.asks) if made.asks else made.function,
        takes_ctx=made.asks is not None,
        name=made.name,
        description=made.doc,
        max_retries=RETRIES,
    )


def _deferred(function: Callable[..., Any], shown: Callable[[str], Awaitable[str]]) -> Callable[..., Any]:
    """The function behind Pydantic AI's approval, whose request has the plan as it is kept now."""

    async def asked(ctx: Any, plan_id: str) -> Any:
        if not ctx.tool_call_approved:
            plan = {"plan_id": plan_id, "plan": await shown(plan_id)}
            raise import_module("pydantic_ai.exceptions").ApprovalRequired(metadata=plan)
        return await function(plan_id)

    asked.__annotations__["ctx"] = import_module("pydantic_ai").RunContext[Any]
    return asked


def langchain_tool(made: Made) -> Any:
    """A `StructuredTool` that gives errors to the model."""
    return import_module("langchain_core.tools").StructuredTool.from_function(
        coroutine=_asked_in_graph(made.function, made.asks) if made.asks else made.function,
        name=made.name,
        description=made.doc,
        handle_tool_error=True,
    )


def _asked_in_graph(
    function: Callable[..., Any], shown: Callable[[str], Awaitable[str]]
) -> Callable[..., Any]:
    """The function behind langgraph's `interrupt`, with the request and the decisions of LangChain's own
    human-in-the-loop middleware, described by the plan as it is kept now; True and "approve" are a yes, too.
    """

    @functools.wraps(function)
    async def asked(plan_id: str) -> Any:
        refusal = import_module("langchain_core.tools").ToolException
        name = function.__name__
        action = {"name": name, "args": {"plan_id": plan_id}, "description": await shown(plan_id)}
        review = {"action_name": name, "allowed_decisions": ["approve", "reject"]}
        try:
            interrupt = import_module("langgraph.types").interrupt
            answer = interrupt({"action_requests": [action], "review_configs": [review]})
        except (ImportError, RuntimeError, KeyError) as error:  # no graph that runs has it ask
            raise refusal(NOBODY) from error
        if not _is_yes(answer):
            raise refusal(f"NotApproved: nothing was done; the person answered {str(answer)[:200]!r}")
        return await function(plan_id)

    return asked


def _is_yes(answer: Any) -> bool:
    """Whether a person's answer is exactly a yes; an edited call is another one than was asked about."""
    decisions = answer.get("decisions", [answer]) if isinstance(answer, Mapping) else [answer]
    if not isinstance(decisions, list) or len(decisions) != 1:
        return False
    (decision,) = decisions
    said = decision.get("type") if isinstance(decision, Mapping) else decision
    return said is True or said == "approve"


def openai_agents_tool(made: Made) -> Any:
    """A `FunctionTool`; not strict, since params is an open object."""
    return import_module("agents").function_tool(
        made.function,
        name_override=made.name,
        description_override=made.doc,
        strict_mode=False,
        needs_approval=made.asks is not None,
        failure_error_function=_told_of_arguments,
    )


def _told_of_arguments(_: Any, error: Exception) -> str:
    """What is wrong with arguments is for the model; a fault of the program is raised."""
    if isinstance(error, import_module("agents").ModelBehaviorError):
        return "InvalidParams: the arguments are no JSON that fits the tool's schema\nsent: no"
    raise error


def mcp_tool(made: Made) -> Any:
    """A FastMCP `Tool` whose hints say what it may change; its answer is text, once."""
    hints = import_module("mcp_types").ToolAnnotations(
        read_only_hint=made.reads,
        destructive_hint=not made.reads,
        idempotent_hint=made.reads or made.asks is not None,
        open_world_hint=True,
    )
    return import_module("fastmcp.tools").Tool.from_function(
        made.function, name=made.name, description=made.doc, annotations=hints, output_schema=None
    )


def plain_function(made: Made) -> Any:
    """The function itself."""
    return made.function


MAKERS: Mapping[str, Callable[[Made], Any]] = {
    "pydantic_ai": pydantic_ai_tool,
    "langchain": langchain_tool,
    "openai_agents": openai_agents_tool,
    "mcp": mcp_tool,
    NONE: plain_function,
}
