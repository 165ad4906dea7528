"""A function made a tool of an agent framework: its text, its errors and the size of its answers."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from mcp_ads.errors import AdsError, ToolError
from mcp_ads.sdk.noted import noting

from .doc import documented
from .frameworks import fail, framework_named, framework_of, given_to
from .sizes import MOST_CHARS, as_text, checked_limit, plain, shortened, too_large, with_meta
from .told import is_mendable, told

if TYPE_CHECKING:
    from mcp_ads.sdk.classes.base import AdsConnector

Tool = TypeVar("Tool", bound=Callable[..., Any])
MARK = "__mcp_ads_tool__"


@overload
def tool_utils(
    connector_class: type[AdsConnector],
    func: Tool,
    *,
    framework: str | None = ...,
    max_output_chars: int | None = ...,
    update_docstring: bool = ...,
) -> Tool: ...
@overload
def tool_utils(
    connector_class: type[AdsConnector],
    func: None = ...,
    *,
    framework: str | None = ...,
    max_output_chars: int | None = ...,
    update_docstring: bool = ...,
) -> Callable[[Tool], Tool]: ...
def tool_utils(
    connector_class: type[AdsConnector],
    func: Tool | None = None,
    *,
    framework: str | None = None,
    max_output_chars: int | None = MOST_CHARS,
    update_docstring: bool = True,
) -> Tool | Callable[[Tool], Tool]:
    """The function as a tool: it says what the connector has, and how a call fails as its framework wants it.

    `framework` is pydantic_ai, langchain, openai_agents, mcp (also fastmcp) or none. Left out, it is found
    when a call fails: the one whose names the function's module has, else the first that the program has
    imported, else none. A call that the model can mend raises pydantic_ai's ModelRetry; what it cannot mend,
    above all a write of unknown outcome, raises ToolFailed instead. langchain: ToolException; mcp: fastmcp's
    ToolError; none: `errors.ToolError`; openai_agents gets the text, and answers as JSON text. Exceptions
    other than AdsError pass through.

    An answer of more than `max_output_chars` characters of JSON is refused in the same way; cut instead, and
    never refused, where a plan was made or something may have been changed. Raises ValueError, TypeError (a
    generator), ImportError.
    """
    ours, most = framework_named(framework), checked_limit(max_output_chars)
    if func is None:
        return functools.partial(
            tool_utils,
            connector_class,
            framework=framework,
            max_output_chars=max_output_chars,
            update_docstring=update_docstring,
        )
    _check_function(func)
    name = connector_class.connector_name
    wrapped: tuple[str, ...] = getattr(func, MARK, ())
    if name in wrapped:
        return func
    tool = Guard(func, ours, most).wrapped()
    setattr(tool, MARK, (*wrapped, name))
    if update_docstring:
        tool.__doc__ = documented(func.__doc__, name)
    return cast("Tool", tool)


def _check_function(func: Any) -> None:
    if not callable(func):
        raise TypeError(
            f"tool_utils: a function is needed, not {type(func).__name__}; write framework=… by name"
        )
    if inspect.isgeneratorfunction(func) or inspect.isasyncgenfunction(func):
        raise TypeError(f"tool_utils: {func.__name__} is a generator; a tool returns its answer whole")


class Guard:
    """What stands between a function and the framework that calls it."""

    def __init__(self, function: Callable[..., Any], framework: str | None, most: int | None) -> None:
        self._function, self._named, self._most = function, framework, most
        self._signature = inspect.signature(function)

    def wrapped(self) -> Callable[..., Any]:
        """The function with its name and signature, guarded."""
        function = self._function

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return await self._waited(lambda: function(*args, **kwargs))

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with noting() as noted:
                try:
                    value = function(*args, **kwargs)
                except AdsError as error:
                    return self.failed(error, changed=noted.changed)
            if inspect.isawaitable(value):
                return self._waited(lambda: value)
            return self.answered(value, changed=noted.changed)

        return awaited if inspect.iscoroutinefunction(function) else called

    async def _waited(self, begun: Callable[[], Awaitable[Any]]) -> Any:
        with noting() as noted:
            try:
                value = await begun()
            except AdsError as error:
                return self.failed(error, changed=noted.changed)
        return self.answered(value, changed=noted.changed)

    def failed(self, error: AdsError, *, changed: bool) -> str:
        """Say in the framework's way that the call failed; `changed` that an earlier part of it did not."""
        if isinstance(error, ToolError):
            raise error
        mendable = is_mendable(error) and not changed
        return fail(self._framework, told(error, changed=changed), error, mendable=mendable)

    @property
    def _framework(self) -> str:
        return self._named or framework_of(inspect.unwrap(self._function))

    def answered(self, value: Any, *, changed: bool) -> Any:
        """The answer as the framework shows it whole.

        One that is too large is refused, so that the model asks for less; cut where something may have been
        `changed`, which must not be asked for again.
        """
        value = value if changed else with_meta(value)
        try:
            shown = plain(value)
        except ValueError:
            return value  # nothing of ours: the framework says what it cannot show
        text = as_text(shown)
        if self._most is not None and len(text) > self._most:
            if not changed:
                text = too_large(text, self._most, selects="select_fields" in self._signature.parameters)
                return fail(self._framework, text, ToolError(text), mendable=True)
            value = shown = shortened(shown, self._most)
        return given_to(self._framework, value, shown)
