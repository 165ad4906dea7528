"""A connector's tools, native to an agent framework: execute, describe, and apply where there are plans."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mcp_ads.connectors import connector as connector_named
from mcp_ads.sdk.arguments import Params, check_exact, checked_params
from mcp_ads.sdk.classes.base import AdsConnector
from mcp_ads.sdk.local import Local
from mcp_ads.sdk.noted import is_read
from mcp_ads.sdk.record import ExecuteResult, Record
from mcp_ads.sdk.wording import in_words

from .doc import ROWS, generated
from .frameworks import NONE, framework_named, imported
from .native import MAKERS, Made
from .sizes import MOST_CHARS, as_text, checked_limit, plain
from .tool_utils import Guard

DESCRIBE = (
    "What {title} has, without asking it: nothing given, all entities; entity, its actions; entity and "
    "action, the parameters and an example; query, what fits the words, or the whole plan of a plan_id."
)
APPLY = (
    "Carry out one plan of {name}_execute, once. It may spend real money: only after the person has seen the "
    "whole plan, uncut, and agreed to it. Answers with what was done."
)
PLANNED = (
    "A write that answers with a plan_id has changed nothing: show the person the whole plan and call "
    "{name}_apply(plan_id) when they agree; do not call the write again."
)

PLANS = ("plan", "")
"""Modes in which a write may answer with a plan: here, or where a host decides."""


@dataclass(frozen=True)
class ConnectorTools:
    """Tools of one connector, as the framework has them; `apply` is None where no write is planned."""

    execute: Any
    describe: Any
    apply: Any = None

    def as_list(self) -> list[Any]:
        """All there are: what an agent's `tools` takes."""
        return [tool for tool in (self.execute, self.describe, self.apply) if tool is not None]


def build_connector_tools(
    connector: AdsConnector,
    framework: str | None = None,
    *,
    approve: bool = True,
    max_output_chars: int | None = MOST_CHARS,
) -> ConnectorTools:
    """Tools named `<connector>_execute`, `<connector>_describe` and `<connector>_apply`, for one framework.

    `framework` is pydantic_ai (Tools), langchain (StructuredTools, which are awaited), openai_agents
    (FunctionTools), mcp (FastMCP Tools with hints) or none (async functions); left out, the first that the
    program has imported. What was read is answered as an object with `data` and `meta`, of which texts of
    over 200 characters in the records of a list are cut. Errors and `max_output_chars` are as in
    `tool_utils`.

    Applying asks a person in the framework's own way: pydantic_ai's `requires_approval`, openai_agents'
    `needs_approval`, langgraph's `interrupt`; an MCP client asks by the hint. `approve=False` leaves that to
    a program that asks elsewhere; plain functions never ask. Raises ValueError, ImportError, TypeError.
    """
    if not isinstance(connector, AdsConnector):
        raise TypeError(
            "build_connector_tools: a connector is needed, such as LinkedinAdsConnector(), not "
            f"{type(connector).__name__}"
        )
    name = connector_named(connector.connector_name).name
    ours = framework_named(framework) or next(iter(imported()), NONE)
    most, made = checked_limit(max_output_chars), MAKERS[ours]
    mode = _mode(connector)

    def tool(function: Callable[..., Any], doc: str, *, reads: bool, asks: bool = False) -> Any:
        function.__name__ = function.__qualname__ = f"{name}_{function.__name__}"
        function.__doc__ = doc
        guarded = Guard(function, ours, most, ours=True).wrapped()
        return made(Made(guarded, guarded.__name__, doc, reads, asks and approve is not False))

    return ConnectorTools(*_tools(_worded(connector, name, mode), name, mode, tool, ours))


def _mode(connector: AdsConnector) -> str:
    """What becomes of a write; empty where a host decides."""
    backend = connector.backend
    if isinstance(backend, Local):
        return backend.writes
    return "off" if getattr(backend, "writes", "") == "off" else ""


def _worded(connector: AdsConnector, name: str, mode: str) -> AdsConnector:
    """The same connector, whose texts name the tools there are in place of its own calls."""
    applied = f"{name}_apply" if mode in PLANS else ""
    backend = copy.copy(connector.backend)
    backend.words = replace(
        backend.words, execute=f"{name}_execute", apply=applied, describe=f"{name}_describe"
    )
    made = copy.copy(connector)
    made._backend = backend  # noqa: SLF001 - a copy's
    return made


def _tools(
    connector: AdsConnector, name: str, mode: str, tool: Callable[..., Any], framework: str
) -> list[Any]:
    """The tools, each made by `tool` of a function and its text."""
    shown = _SHOWN.get(framework, lambda value: value)

    async def execute(
        entity: str,
        action: str,
        params: Params = None,
        select_fields: list[str] | None = None,
    ) -> Any:
        check_exact(params)
        asked = checked_params(params)
        whole = not is_read(connector.offer(), entity, action, asked)  # only texts of lists are cut
        found = await connector.execute(
            entity, action, asked, select_fields=select_fields, skip_truncation=whole
        )
        if planned and isinstance(found, Record) and found.get("status") == "planned":
            found["apply"] = f"{name}_apply(plan_id), when the person has agreed to the plan"
        return shown(found if whole and not isinstance(found, ExecuteResult) else _with_meta(found))

    async def describe(entity: str = "", action: str = "", query: str = "") -> str:
        with in_words(connector.backend):
            return await connector.backend.describe(entity, action, query)

    async def apply(plan_id: str) -> Any:
        return shown(await connector.apply(plan_id))

    planned = mode in PLANS
    title = connector_named(name).title
    look_up = f"Look up the parameters of an action in {name}_describe before its first call."
    advice = [look_up, ROWS, *([PLANNED.format(name=name)] if planned else [])]
    made = [
        tool(execute, generated(name, *advice), reads=mode in ("plan", "off")),
        tool(describe, DESCRIBE.format(title=title), reads=True),
    ]
    return [*made, tool(apply, APPLY.format(name=name), reads=False, asks=True)] if planned else made


def _as_json(value: Any) -> str:
    return as_text(plain(value))


def _with_meta(found: Any) -> Any:
    """What was read and what is said of it, as one object that has JSON."""
    if isinstance(found, ExecuteResult):
        return Record(data=found.data, meta=found.meta)
    return Record(data=found, meta=found.response_meta) if isinstance(found, Record) else found


_SHOWN: dict[str, Callable[[Any], Any]] = {"mcp": _as_json}
"""How an answer is given where not as it is: FastMCP sends an object twice."""
