"""The same descriptions as resources, for clients that read them: ads://connectors, ads://{connector}/…"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from fastmcp import FastMCP
from fastmcp.exceptions import ValidationError
from fastmcp.resources import Resource
from fastmcp.resources.template import FunctionResourceTemplate
from pydantic import AnyUrl, PrivateAttr

from mcp_ads.engine.answers.shape import visible
from mcp_ads.engine.door import Engine

from .core import Offer, describe
from .errors import AdsError

JSON = "application/json"
TEXT = "text/plain"


class Described(Resource):
    """One page of the description; `path` is what stands behind ads://."""

    _path: str = PrivateAttr()
    _workspace: Engine = PrivateAttr()

    def get_meta(self) -> dict[str, Any] | None:  # type: ignore[override]  # None is left out
        return None

    async def read(self) -> str:
        """The page's text."""
        from .engine import overview

        name, _, entity = self._path.partition("/")
        if name == "connectors":
            return visible(await overview.overview(self._workspace))
        found = self._workspace.offer(name)
        return overview.actions(found, entity) if entity else overview.entities(found)


class Template(FunctionResourceTemplate):
    """A page for each of the names in a URI."""

    def get_meta(self) -> dict[str, Any] | None:  # type: ignore[override]  # None is left out
        return None


def no_such_page(error: AdsError) -> ValidationError:
    """What a client is told of a URI that leads nowhere: invalid parameters, and which there are."""
    return ValidationError(visible(str(error)), log_level=logging.DEBUG)


def action_schema(found: Offer, entity: str, action: str) -> str:
    """An action's risk, summary, signature and JSON Schema, as JSON."""
    kind = found.action(entity, action)
    page = {
        "connector": found.name,
        "entity": entity,
        "action": action,
        "risk": kind.risk,
        "summary": describe.summary(kind),
        "signature": describe.signature(entity, action, kind),
        "params_schema": describe.schema(kind),
    }
    return json.dumps(page, ensure_ascii=False)


def add_resources(server: FastMCP, workspace: Engine) -> None:
    """Register every page; none is made before it is read."""
    served = [workspace.offer(name) for name in workspace.served]
    pages = [("connectors", "Connectors, accounts, write mode, caps")]
    pages += [(connector.name, f"{connector.title}: entities and actions") for connector in served]
    pages += [
        (f"{connector.name}/{name}", doc) for connector in served for name, doc, _ in connector.entities
    ]
    for path, doc in pages:
        page = Described(uri=AnyUrl(f"ads://{path}"), name=path, description=doc, mime_type=TEXT)
        page._path, page._workspace = path, workspace  # noqa: SLF001 - ours
        server.add_resource(page)
    server.add_template(
        _template(
            "ads://{connector}/{entity}/{action}",
            "action",
            "One action's parameters as JSON Schema",
            _schema_page(workspace),
        )
    )
    server.add_template(
        _template("ads://plans/{plan_id}", "plan", "A plan with all its steps", _plan_page(workspace))
    )


def _template(uri: str, name: str, doc: str, read: Callable[..., str]) -> FunctionResourceTemplate:
    return Template.from_function(read, uri, name=name, description=doc, mime_type=JSON)


def _schema_page(workspace: Engine) -> Callable[[str, str, str], str]:
    def page(connector: str, entity: str, action: str) -> str:
        try:
            return action_schema(workspace.offer(connector), entity, action)
        except AdsError as error:
            raise no_such_page(error) from None

    return page


def _plan_page(workspace: Engine) -> Callable[[str], str]:
    def page(plan_id: str) -> str:
        from mcp_ads.engine.answers.plan_text import plan_record
        from mcp_ads.engine.workspace import plan_of

        try:
            text = json.dumps(plan_record(plan_of(workspace, plan_id)), ensure_ascii=False)
            return visible(workspace.trace.without_secrets(text))
        except AdsError as error:
            raise no_such_page(error) from None

    return page
