"""A function made a tool of an agent framework: its text, its errors and the size of its answers."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from mcp_ads.errors import AdsError, ToolError
from mcp_ads.sdk.noted import Noted, noting

from .doc import documented
from .frameworks import fail, framework_named, framework_of, given_to
from .repeating import checked_retries, pause, pauses
from .sizes import MOST_CHARS, as_text, checked_limit, plain, shortened, too_large, with_meta
from .told import is_mendable, told

if TYPE_CHECKING:
    from mcp_ads.sdk.classes.base import AdsConnector

Tool = TypeVar("Tool", bound=Callable[..., Any])
MARK = "__mcp_ads_tool__"
Way = tuple[str | None, int | None]
"""The framework that was named for a tool, and the most characters of its answers."""


@overload
def tool_utils(
    connector_class: type[AdsConnector],
    func: Tool,
    *,
    framework: str | None = ...,
    max_output_chars: int | None = ...,
    update_docstring: bool = ...,
    internal_retries: int = ...,
) -> Tool: ...
@overload
def tool_utils(
    connector_class: type[AdsConnector],
    func: None = ...,
    *,
    framework: str | None = ...,
    max_output_chars: int | None = ...,
    update_docstring: bool = ...,
    internal_retries: int = ...,
) -> Callable[[Tool], Tool]: ...
def tool_utils(
    connector_class: type[AdsConnector],
    func: Tool | None = None,
    *,
    framework: str | None = None,
    max_output_chars: int | None = MOST_CHARS,
    update_docstring: bool = True,
    internal_retries: int = 0,
) -> Tool | Callable[[Tool], Tool]:
    """The function as a tool: it says what the connector has, and how a call fails as its framework wants it.

    `framework` is pydantic_ai, langchain, openai_agents, mcp (also fastmcp) or none. Left out, it is found
    when a call fails: the one whose names the function's module has, else the first that the program has
    imported, else none. A call that the model can mend raises pydantic_ai's ModelRetry; what it cannot mend,
    above all a write of unknown outcome, raises ToolFailed instead. langchain: ToolException; mcp: fastmcp's
    ToolError; none: `errors.ToolError`; openai_agents gets the text, and answers as JSON text. Exceptions
    other than AdsError pass through.

    An answer of more than `max_output_chars` characters of JSON is refused in the same way, where the
    function is known to have only read: it made its calls of a connector itself, or in tasks and threads that
    Python gives its context to. Else it is cut, and never to be asked for again. A plan is not counted.

    `internal_retries` is how many times more the function is called where it has only read, and the platform
    failed or asks to wait: after 1 second, then 2, 4 and so on, at most 30, or the time the platform names.

    Raises ValueError (also where the function is a tool already, in another way), TypeError (a generator),
    ImportError.
    """
    ours, most = framework_named(framework), checked_limit(max_output_chars)
    retries = checked_retries(internal_retries)
    if func is None:
        return functools.partial(
            tool_utils,
            connector_class,
            framework=framework,
            max_output_chars=max_output_chars,
            update_docstring=update_docstring,
            internal_retries=internal_retries,
        )
    _check_function(func)
    name = connector_class.connector_name
    wrapped: dict[str, Way] = getattr(func, MARK, {})
    _check_same(func, ours, most, wrapped, name)
    if name in wrapped:
        return func
    tool = Guard(func, ours, most, retries=0 if wrapped else retries).wrapped()
    setattr(tool, MARK, {**wrapped, name: (ours, most)})
    if update_docstring:
        tool.__doc__ = documented(func.__doc__, name)
    return cast("Tool", tool)


def _check_function(func: Any) -> None:
    if not callable(func):
        raise TypeError(
            f"tool_utils: a function is needed, not {type(func).__name__}; write framework=… by name"
        )
    called = inspect.unwrap(func, stop=lambda one: hasattr(one, MARK))
    for one in (called, vars(type(called)).get("__call__")):
        if inspect.isgeneratorfunction(one) or inspect.isasyncgenfunction(one):
            raise TypeError(f"tool_utils: {_named(func)} is a generator; a tool returns its answer whole")


def _named(func: Any) -> str:
    """The name of a function, that of what a partial calls, or of an object's class."""
    inner = func.func if isinstance(func, functools.partial) else func
    return str(getattr(inner, "__name__", type(inner).__name__))


def _check_same(func: Any, ours: str | None, most: int | None, wrapped: dict[str, Way], name: str) -> None:
    """Raise ValueError where a function is a tool already, and in another way than is asked for now."""
    for other, (framework, limit) in wrapped.items():
        if ours is not None and ours != framework:
            said = f"framework={framework!r}" if framework else "no framework named"
            raise ValueError(
                f"framework: {_named(func)} is a tool already, with {said}; name {ours!r} there, and once"
            )
        if other == name and most not in (limit, MOST_CHARS):
            raise ValueError(
                f"max_output_chars: {_named(func)} is a tool already, with {limit}; give {most} there"
            )


class Guard:
    """What stands between a function and the framework that calls it.

    `ours` says that the function is the SDK's own: all it does is a call of a connector.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        framework: str | None,
        most: int | None,
        *,
        retries: int = 0,
        ours: bool = False,
    ) -> None:
        self._function, self._named, self._most = function, framework, most
        self._retries, self._ours = retries, ours
        self._signature = inspect.signature(function)

    def wrapped(self) -> Callable[..., Any]:
        """The function with its name and signature, guarded."""
        function = self._function

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return await self._waited(lambda: function(*args, **kwargs))

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            waits = pauses(self._retries)
            while True:
                with noting(seen=self._ours) as noted:
                    try:
                        value = function(*args, **kwargs)
                    except AdsError as error:
                        if (seconds := pause(error, noted, waits)) is None:
                            return self.failed(error, noted)
                        time.sleep(seconds)
                        continue
                break
            if inspect.isawaitable(value):
                return self._waited(lambda: value, begun=noted)
            return self.answered(value, noted)

        return awaited if inspect.iscoroutinefunction(function) else called

    async def _waited(self, call: Callable[[], Awaitable[Any]], *, begun: Noted | None = None) -> Any:
        """The answer of what is awaited; what was `begun` already can be awaited once."""
        waits = pauses(0 if begun else self._retries)
        while True:
            with noting(seen=self._ours) as noted:
                noted.changes += begun.changes if begun else []
                try:
                    value = await call()
                except AdsError as error:
                    if (seconds := pause(error, noted, waits)) is None:
                        return self.failed(error, noted)
                    await asyncio.sleep(seconds)
                    continue
            return self.answered(value, noted)

    def failed(self, error: AdsError, noted: Noted) -> str:
        """Say in the framework's way that the call failed, and that an earlier part of it may not have."""
        if isinstance(error, ToolError):
            raise error
        mendable = is_mendable(error) and noted.only_read
        text = told(error, before=noted.before(error), unseen=not noted.seen)
        return fail(self._framework, text, error, mendable=mendable)

    @property
    def _framework(self) -> str:
        return self._named or framework_of(inspect.unwrap(self._function))

    def answered(self, value: Any, noted: Noted) -> Any:
        """The answer as the framework shows it whole.

        One that is too large is refused, so that the model asks for less, where it is known to be of reads
        alone. Else it is cut: what may have changed something must not be asked for again.
        """
        value = value if noted.changed else with_meta(value)
        try:
            shown = plain(value)
        except ValueError:
            return value  # nothing of ours: the framework says what it cannot show
        text = as_text(shown)
        if self._most is not None and len(text) > (most := self._most + noted.plan_chars):
            if noted.only_read:
                text = too_large(text, most, selects="select_fields" in self._signature.parameters)
                return fail(self._framework, text, ToolError(text), mendable=True)
            value = shown = shortened(shown, most)
        return given_to(self._framework, value, shown)
