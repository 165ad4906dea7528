"""The agent frameworks: which one a function is a tool of, and how a tool of each says that a call failed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType, ModuleType
from typing import Any

from mcp_ads.core.synonyms import closest, cut
from mcp_ads.errors import AdsError, ToolError

from .sizes import as_text

NONE = "none"
HOMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pydantic_ai": (("pydantic_ai", "Agent"),),
    "langchain": (("langchain_core", "tools"), ("langchain", "agents")),
    "openai_agents": (("agents", "function_tool"),),
    "mcp": (("fastmcp", "server"), ("mcp", "Tool")),
}
"""Each framework's packages with a name that no other package of this name has; sought in this order, since
the OpenAI Agents SDK imports mcp, and whoever serves MCP may ask with another one.
"""
SAME = {"fastmcp": "mcp"}


def framework_named(name: str | None) -> str | None:
    """The framework of that name; None is found out at each call. Raises ValueError, ImportError."""
    if name is None:
        return None
    known = [*HOMES, *SAME, NONE]
    if name not in known:
        near = closest(str(name), known)
        meant = f"did you mean {' or '.join(near)}?" if near else f"one of {', '.join(known)}"
        raise ValueError(f"framework: there is no {cut(str(name))!r}; {meant}")
    ours = SAME.get(name, name)
    if ours != NONE and not any(find_spec(package) for package, _ in HOMES[ours]):
        raise ImportError(f"framework={name!r}: the package {HOMES[ours][0][0]} is not installed")
    return ours


def imported() -> list[str]:
    """The frameworks that the program has imported."""
    return [name for name, homes in HOMES.items() if any(_is_loaded(*home) for home in homes)]


def framework_of(function: Callable[..., Any]) -> str:
    """The framework whose names the function's module has, else the first that the program has imported."""
    roots = {_package(value) for value in [*getattr(function, "__globals__", {}).values()]}
    there = imported()
    beside = [name for name in there if any(package in roots for package, _ in HOMES[name])]
    return next(iter([*beside, *there]), NONE)


def _package(value: Any) -> str:
    """The package a name was imported from, or that a value's class is of; the value is asked nothing."""
    kind = type(value)
    if issubclass(kind, ModuleType):
        home = ModuleType.__getattribute__(value, "__name__")
    else:
        home = (value if issubclass(kind, type | FunctionType) else kind).__module__
    return str(home).partition(".")[0]


def _is_loaded(package: str, name: str) -> bool:
    """Whether the program has imported the framework, and no package of its own that is called alike."""
    module = sys.modules.get(package)
    return module is not None and (name in vars(module) or f"{package}.{name}" in sys.modules)


def fail(framework: str, text: str, error: AdsError, *, mendable: bool) -> str:
    """Raise the framework's signal for a call that failed; its text where the framework has none.

    `mendable` says that the model can call again with other values: only then may it be told to.
    """
    if framework == "openai_agents":
        return text
    if framework == NONE:
        failed = ToolError(text, fix=error.fix)
        failed.sent = error.sent
        raise failed from error
    if framework == "pydantic_ai":
        return _fail_pydantic_ai(text, error, mendable=mendable)
    if framework == "langchain":
        raise import_module("langchain_core.tools").ToolException(text) from error
    # A wrong call is no fault of the server's, whose log it need not fill.
    raise import_module("fastmcp.exceptions").ToolError(text, log_level=logging.DEBUG) from error


def _fail_pydantic_ai(text: str, error: AdsError, *, mendable: bool) -> str:
    """ModelRetry tells the model to try again; what it cannot mend is a failure that is over.

    A pydantic-ai without a signal for that gets the text.
    """
    exceptions = import_module("pydantic_ai.exceptions")
    signal = exceptions.ModelRetry if mendable else getattr(exceptions, "ToolFailed", None)
    if signal is None:
        return text
    raise signal(text) from error


def given_to(framework: str, value: Any, shown: Any) -> Any:
    """The value in a form that the framework shows whole; `shown` is its plain one.

    What is the framework's own stays. LangChain would show a model's repr, and the OpenAI Agents SDK that of
    any object.
    """
    ours = _package(value) == __name__.partition(".")[0]
    if framework == "langchain" and ours:
        return shown
    parts = value if isinstance(value, list) else [value]
    theirs = any(_package(part) == "agents" for part in parts)
    if framework == "openai_agents" and (ours or isinstance(value, dict | list)) and not theirs:
        return as_text(shown)
    return value
