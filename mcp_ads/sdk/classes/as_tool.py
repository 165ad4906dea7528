"""How a connector class makes a function an agent's tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

if TYPE_CHECKING:
    from .base import AdsConnector

Tool = TypeVar("Tool", bound=Callable[..., Any])
UNTAKEN = {
    "should_internal_retry": "not taken: the error itself says whether what has only read is repeated",
    "exhausted_runtime_failure_message": "not taken: the last error says what to do",
}
NO_SUCH = "no such keyword; there are framework, max_output_chars, update_docstring, internal_retries"


class AsTool:
    """What is a connector's own decorator of tools."""

    @overload
    @classmethod
    def tool_utils(
        cls,
        func: Tool,
        *,
        framework: str | None = ...,
        max_output_chars: int | None = ...,
        update_docstring: bool = ...,
        internal_retries: int = ...,
    ) -> Tool: ...

    @overload
    @classmethod
    def tool_utils(
        cls,
        func: None = None,
        *,
        framework: str | None = ...,
        max_output_chars: int | None = ...,
        update_docstring: bool = ...,
        internal_retries: int = ...,
    ) -> Callable[[Tool], Tool]: ...

    @classmethod
    def tool_utils(
        cls,
        func: Any = None,
        *,
        framework: str | None = None,
        max_output_chars: int | None = 100_000,
        update_docstring: bool = True,
        internal_retries: int = 0,
        **others: Any,
    ) -> Any:
        """Make a function an agent's tool: its docstring says what there is, its errors are the framework's.

        `framework` is "pydantic_ai", "langchain", "openai_agents", "mcp", "fastmcp" or "none"; left out, the
        one the program uses. An answer of over `max_output_chars` is refused with how to ask for less.
        `internal_retries` is how many times more a call is made that has only read, where the platform failed
        or asked to wait. Raises TypeError for other keywords.
        """
        if others:
            raise TypeError("\n".join(f"tool_utils: {name}: {UNTAKEN.get(name, NO_SUCH)}" for name in others))
        from mcp_ads.sdk.tools.tool_utils import tool_utils

        return tool_utils(
            cast("type[AdsConnector]", cls),
            func,
            framework=framework,
            max_output_chars=max_output_chars,
            update_docstring=update_docstring,
            internal_retries=internal_retries,
        )
