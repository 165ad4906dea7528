"""The MCP server: six tools and the resources, made from the connectors, and the skills."""

from __future__ import annotations

import logging
import traceback
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastmcp import FastMCP
from fastmcp.server.dependencies import get_access_token, get_context
from fastmcp.tools import Tool
from fastmcp.tools.base import ToolResult
from mcp_types import TextContent, ToolAnnotations
from pydantic import PrivateAttr

from mcp_ads.across import ads
from mcp_ads.across.desk import Desk
from mcp_ads.core.once import read_once
from mcp_ads.core.private import is_about_people
from mcp_ads.core.synonyms import closest, cut
from mcp_ads.engine.answers.shape import visible
from mcp_ads.engine.door import Engine
from mcp_ads.engine.records.audit import Who, os_user

from . import __version__, tool_texts
from .callers import Callers
from .connectors import connector as connector_named
from .core import Offer, Progress
from .errors import AdsError, InvalidParams, Unexpected
from .plain_fastmcp import PlainFastMCP
from .resources import add_resources
from .settings import Settings
from .skills.provider import Jobs

CONNECTION = "connection"
LOG = logging.getLogger("mcp_ads")
READS = ToolAnnotations(read_only_hint=True, open_world_hint=True)
CHANGES = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=True
)
APPLIES = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=True
)


class AdsTool(Tool):
    """A tool whose answer is one text; every error becomes an error answer, and no other text leaves."""

    _workspace: Engine = PrivateAttr()

    def get_meta(self) -> dict[str, Any] | None:  # type: ignore[override]  # None is left out
        """Nothing: clients have no use for it, and it costs tokens in every conversation."""
        return None

    async def run(self, arguments: dict[str, Any]) -> ToolResult:
        """Answer a call."""
        try:
            text, failed = await self.answer(arguments)
        except AdsError as error:
            self._workspace.traced(error, "", self.name)
            text, failed = self._workspace.error_text(error), True
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is for the log alone
            text, failed = self._workspace.error_text(self.fault(error)), True
        return ToolResult(content=[TextContent(type="text", text=visible(text))], is_error=failed)

    @abstractmethod
    async def answer(self, arguments: dict[str, Any]) -> tuple[str, bool]:
        """The text, and whether nothing of what was asked succeeded."""

    def fault(self, error: Exception) -> Unexpected:
        """What to say of a fault of ours; the log gets all of it but the secrets."""
        found = Unexpected(
            f"mcp-ads failed ({type(error).__name__})", fix="look at the server's log; report it"
        )
        found.trace = self._workspace.trace.note("", self.name, found)
        text = "".join(traceback.format_exception(error))
        LOG.error("trace=%s %s", found.trace, self._workspace.trace.redact(text))
        return found


class ExecuteTool(AdsTool):
    """One connector's `<connector>_execute`."""

    _offer: Offer = PrivateAttr()

    async def answer(self, arguments: dict[str, Any]) -> tuple[str, bool]:
        style, entity, action, params = self.understood(arguments)
        name = self._offer.name
        return await self._workspace.answer(name, entity, action, params, style, _report), False

    def understood(self, arguments: Mapping[str, Any]) -> tuple[str, str, str, dict[str, Any]]:
        """Format, entity, action and parameters; the last also as JSON text, null, or beside `entity`."""
        beside = dict(arguments)
        params = _as_object(beside.pop("params", None))
        entity, action = (_as_text(name, beside.pop(name, None)) for name in ("entity", "action"))
        style = beside.pop("format", None) or "table"
        if not entity:
            raise InvalidParams(f"entity: missing, required; one of {', '.join(self._offer.names())}")
        if not action:
            known = ", ".join(self._workspace.offer(self._offer.name).entity(entity).actions)
            raise InvalidParams(f"action: missing, required; {entity} has {known}")
        if style not in tool_texts.FORMATS:
            params.setdefault("format", self._own_format(entity, action, style))
            style = "table"
        return style, entity, action, {**beside, **params}

    def _own_format(self, entity: str, action: str, value: Any) -> Any:
        """A format that is none of an answer's, where the action has one of its own. Raises InvalidParams."""
        kind = self._workspace.offer(self._offer.name).action(entity, action)
        if "format" in kind.model_fields:
            return value
        given = "this" if is_about_people(kind) else repr(cut(value))
        raise InvalidParams(f"format: {given} is neither {' nor '.join(tool_texts.FORMATS)}")


class DescribeTool(AdsTool):
    """`ads_describe`."""

    async def answer(self, arguments: dict[str, Any]) -> tuple[str, bool]:
        from .engine import overview

        only(arguments, self.parameters)
        asked = {name: _as_text(name, value) for name, value in arguments.items() if value}
        return await overview.page(self._workspace, asked), False


class ApplyTool(AdsTool):
    """`ads_apply`."""

    async def answer(self, arguments: dict[str, Any]) -> tuple[str, bool]:
        only(arguments, self.parameters)
        plan_id = _as_text("plan_id", arguments.get("plan_id"))
        if not plan_id:
            raise InvalidParams("plan_id: missing, required; a write answers with one")
        result = await self._workspace.apply(plan_id, _report)
        steps = result.data.get("steps", [])
        return self._workspace.text(result), bool(result.errors) and not any(map(_done, steps))


def _done(step: Mapping[str, Any]) -> bool:
    return step.get("state") == "done"


def build_server(
    settings: Settings, workspace: Engine | None = None, *, lent: bool = False, **options: Any
) -> FastMCP:
    """The server for these settings: a tool per connector, one for all of them, ads_describe, and ads_apply
    where there are plans. A workspace that is `lent` knows who asks, and others close it.
    """
    shared = workspace or Desk(settings)
    if not lent:
        shared.who = _who

    @asynccontextmanager
    async def lifespan(_: FastMCP) -> AsyncIterator[None]:
        yield
        if not lent:
            await shared.close()

    server = PlainFastMCP(
        "mcp-ads",
        tool_texts.instructions(shared),
        version=__version__,
        lifespan=lifespan,
        on_duplicate="error",
        mask_error_details=True,
        dereference_schemas=False,  # tools/list says each schema as it was declared
        middleware=[Callers(shared.settings, shared.trace.secrets)],
        **options,
    )
    for tool in _tools(shared):
        server.add_tool(tool)
    add_resources(server, shared)
    server.add_provider(Jobs(shared.settings.served))
    return server


def _tools(workspace: Engine) -> list[AdsTool]:
    settings = workspace.settings
    tools: list[AdsTool] = [_execute_tool(connector_named(name), settings) for name in settings.served]
    if ads.name in workspace.served:
        tools.append(_execute_tool(ads, settings))
    tools.append(_describe_tool(workspace))
    if settings.writes == "plan":
        tools.append(_apply_tool())
    for tool in tools:
        tool._workspace = workspace  # noqa: SLF001 - ours; pydantic keeps private attributes out of __init__
    return tools


def _execute_tool(offer: Offer, settings: Settings) -> ExecuteTool:
    tool = ExecuteTool(
        name=f"{offer.name}_execute",
        title=offer.title,
        description=tool_texts.execute(offer, settings.writes),
        parameters=tool_texts.execute_parameters(offer),
        annotations=CHANGES if settings.writes == "direct" and offer is not ads else READS,
    )
    tool._offer = offer  # noqa: SLF001
    return tool


def _describe_tool(workspace: Engine) -> DescribeTool:
    return DescribeTool(
        name="ads_describe",
        title="Describe",
        description=tool_texts.DESCRIBE,
        parameters=tool_texts.describe_parameters(workspace.served),
        annotations=ToolAnnotations(read_only_hint=True),
    )


def _apply_tool() -> ApplyTool:
    return ApplyTool(
        name="ads_apply",
        title="Apply a plan",
        description=tool_texts.APPLY,
        parameters=tool_texts.APPLY_PARAMETERS,
        annotations=APPLIES,
    )


def only(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise InvalidParams, with the closest name, for an argument the tool does not have."""
    known = list(schema["properties"])
    mistakes = []
    for name in arguments:
        if name not in known:
            meant = [] if name == CONNECTION else closest(name, known)
            hint = f"did you mean {' or '.join(meant)}?" if meant else f"it has {', '.join(known)}"
            where = "; params of a platform's tool have it" if name == CONNECTION else ""
            mistakes.append(f"{cut(name)}: no such argument; {hint}{where}")
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def _as_text(name: str, value: Any) -> str:
    """An argument that is a name; anything else may be about people, and is not repeated."""
    if isinstance(value, dict | list):
        raise InvalidParams(f"{name}: write text, not {'an object' if isinstance(value, dict) else 'a list'}")
    return str(value or "").strip()


def _as_object(value: Any) -> dict[str, Any]:
    """Parameters as an object, also from JSON text or nothing."""
    if isinstance(value, str) and value.strip():
        try:
            value = read_once(value)
        except (ValueError, RecursionError):
            raise InvalidParams("params: not valid JSON; send an object") from None
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise InvalidParams(f"params: an object is needed, not {type(value).__name__}")
    return dict(value)


async def _report(progress: Progress) -> None:
    await get_context().report_progress(progress.done, progress.total, progress.message)


def _who() -> Who:
    """The HTTP client's id, else the OS user; and what the client calls itself."""
    token = get_access_token()
    return Who(token.client_id if token else os_user(), _client_name())


def _client_name() -> str:
    try:
        params = get_context().session.client_params
    except (RuntimeError, AttributeError):
        return ""
    info = getattr(params, "client_info", None)
    return str(getattr(info, "name", "") or "")[:60]
