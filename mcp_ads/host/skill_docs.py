"""What a connector can do, as the documents that Airbyte's clients read: made of the declarations. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from mcp_ads import __version__
from mcp_ads.connectors import connector as declared
from mcp_ads.core import Action, Connector, Write, describe
from mcp_ads.core.door import with_records
from mcp_ads.core.synonyms import closest_of, cut
from mcp_ads.core.view import offered
from mcp_ads.engine.search import search

from .catalog import DEFINITIONS, Definition
from .refusals import Refused

KIND, OVERVIEW, ENTITY = "connector:", "overview", "entity:"
Block = Mapping[str, Any]
CALLED = """Call it with POST …/connectors/{id}/execute and {entity, action, params}; params by our names or \
the platform's. A result is the platform's own records: amounts stand in its own units."""
MONEY = """Money in params is text with its currency, such as "50 EUR" or "+20%", or a bare number in the \
unit of the platform's field of that name."""
PAGES = "A list takes limit and cursor; connector_metadata has has_next_page and end_cursor."
WRITES = """Where the client's writes are plans, a write is answered with 409 and error_code plan_required: \
details have plan_id and the text a person approves; \
POST …/connectors/{id}/plans/{plan_id}/apply carries it out."""


def skill_id(definition: Definition) -> str:
    """The id of the documents about a kind of connector."""
    return f"{KIND}{definition.slug}"


def skill(given: str) -> Definition:
    """The kind whose documents have this id. Raises Refused (404)."""
    known = {skill_id(each): each for each in DEFINITIONS.values()}
    if given not in known:
        said = f"id: there are no such docs{closest_of(given, known)}; there are {', '.join(known)}"
        raise Refused(404, said, "not_found", "id")
    return known[given]


def metadata(definition: Definition) -> dict[str, Any]:
    """What the documents are."""
    return {
        "id": skill_id(definition),
        "kind": "connector_source",
        "title": definition.title,
        "provenance": "mcp-ads",
        "version": __version__,
        "freshness": {"state": "fresh"},
        "summary": declared(definition.name).about or f"Entities and actions of {definition.title}",
        "tags": [definition.slug],
        "warnings": [],
    }


@cache
def document(definition: Definition, section: str = "") -> dict[str, Any]:
    """One section with the outline of all; the overview where none is named. Raises Refused (404)."""
    known = declared(definition.name)
    outline: list[dict[str, Any]] = [
        {"id": OVERVIEW, "title": "Overview", "summary": "entities and rules", "available": True}
    ]
    outline += [
        {"id": f"{ENTITY}{name}", "title": name, "summary": doc, "available": True}
        for name, doc, _ in known.entities
    ]
    wanted = section or OVERVIEW
    if wanted == OVERVIEW:
        content = _overview(known)
    elif wanted.removeprefix(ENTITY) in known.names():
        wanted = f"{ENTITY}{wanted.removeprefix(ENTITY)}"
        content = _entity(known, wanted.removeprefix(ENTITY))
    else:
        close = closest_of(wanted, [entry["id"] for entry in outline])
        raise Refused(404, f"section: there is no {cut(wanted)}{close}", "not_found", "section")
    return {"metadata": metadata(definition), "outline": outline, "section_id": wanted, "content": content}


def found(query: str) -> list[dict[str, Any]]:
    """The documents in which a question in everyday words finds actions, with these, one a line."""
    with with_records():
        lines = {each: search([declared(each.name)], query) for each in DEFINITIONS.values()}
    return [{**metadata(each), "excerpt": text} for each, text in lines.items() if text]


def _overview(known: Connector) -> list[Block]:
    rows = [[name, ", ".join(known.entity(name).actions), doc] for name, doc, _ in known.entities]
    return [
        {"type": "heading", "level": 1, "text": known.title},
        {"type": "list", "items": [CALLED, MONEY, PAGES, WRITES, describe.PLACEHOLDERS]},
        {"type": "table", "headers": ["entity", "actions", "what it is"], "rows": rows},
    ]


def _entity(known: Connector, name: str) -> list[Block]:
    entity = known.entity(name)
    blocks: list[Block] = [
        {"type": "heading", "level": 1, "text": name},
        {"type": "paragraph", "text": entity.doc},
    ]
    with with_records():
        for action, kind in entity.actions.items():
            blocks += _action(name, action, kind)
    return blocks


def _action(entity: str, name: str, kind: type[Action]) -> list[Block]:
    said = " ".join((kind.__doc__ or "").split())
    fields = {**describe.visible(kind), **({} if issubclass(kind, Write) else offered(kind).model_fields)}
    rows = [
        [
            f"{field.alias or param}{'*' if field.is_required() else ''}",
            describe.type_text(field.annotation),
            describe.OF_RECORDS.get(param) or field.description or "",
        ]
        for param, field in fields.items()
    ]
    call = {"entity": entity, "action": name, "params": json.loads(describe.example_text(kind))}
    table = [{"type": "table", "headers": ["parameter (* required)", "type", "what it is"], "rows": rows}]
    return [
        {"type": "heading", "level": 2, "text": name},
        {"type": "paragraph", "text": f"{said} ({kind.risk})"},
        *(table if rows else []),
        {"type": "code", "language": "json", "code": json.dumps(call, ensure_ascii=False)},
    ]
