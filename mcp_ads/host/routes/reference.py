"""The API's own description: its OpenAPI document, and a page of it that loads nothing from elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from .refused_with import declared

ABOUT = """Connectors of an organization's users, kept and used. A bearer token comes from \
`POST /api/v1/account/applications/token`; every path under `/api/v1` stands under `/v1` too. \
A refusal is `{"message", "errors": [{"field", "message", "error_code", "details"}]}`, whatever its status."""
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
code{font:13px ui-monospace,monospace}h3{margin-bottom:0}table{border-collapse:collapse}\
td{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}"""
UNSIGNED = "/applications/token"
"""How the path ends that needs no bearer token."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
router = APIRouter(include_in_schema=False)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once; an operation's summary is the first clause of its description."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=ABOUT, routes=app.routes, servers=app.servers
        )
        made.setdefault("components", {})["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"}
        }
        made["security"] = [{"bearer": []}]
        for method, path, operation in _operations(made):
            if path.startswith("/api/"):
                operation["responses"] |= declared(method, path)
            if path.endswith(UNSIGNED):
                operation["security"] = []
            said = str(operation.get("description", operation.get("summary", "")))
            operation["summary"] = re.split(r"[:,;.](?:\s|$)", said, maxsplit=1)[0]
        app.openapi_schema = made
    return app.openapi_schema


@router.get("/docs")
async def page(request: Request) -> HTMLResponse:
    """The document for people."""
    document = describe(request.app)
    parts = [_operation(document, *operation) for operation in _operations(document)]
    about = html.escape(ABOUT).replace("`", "")
    content = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(request.app.title)}'
        f"</title><style>{STYLE}</style></head><body><h1>{html.escape(request.app.title)}</h1>"
        f'<p>{about}</p><p><a href="/openapi.json">openapi.json</a></p>{"".join(parts)}</body></html>'
    )
    return HTMLResponse(content, headers={"Content-Security-Policy": POLICY})


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _operation(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> str:
    said = html.escape(operation.get("description", ""))
    given = [
        (known["name"], known.get("required", False), known.get("description", ""))
        for known in operation.get("parameters", [])
        if known["in"] == "query"
    ]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    model = _resolved(document, content.get("schema", {}))
    given += [
        (name, name in model.get("required", []), known.get("description", ""))
        for name, known in model.get("properties", {}).items()
    ]
    rows = "".join(
        f"<tr><td><code>{name}{'*' if needed else ''}</code></td><td>{html.escape(what)}</td></tr>"
        for name, needed, what in given
    )
    table = f"<table>{rows}</table>" if rows else ""
    return f"<h3><code>{method} {html.escape(path)}</code></h3><p>{said}</p>{table}"


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = document.get("components", {}).get("schemas", {}).get(name, schema)
    return found
