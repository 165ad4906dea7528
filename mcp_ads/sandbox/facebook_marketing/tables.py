"""What can be read and written where: node fields, edge parameters, enums."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

NODES = {
    "account": "AdAccount",
    "campaign": "Campaign",
    "adset": "AdSet",
    "ad": "Ad",
    "creative": "AdCreative",
    "run": "AdReportRun",
    "page": "Page",
    "me": "User",
    "audience": "CustomAudience",
    "image": "AdImage",
    "video": "AdVideo",
    "business": "Business",
    "catalog": "ProductCatalog",
    "label": "AdLabel",
}
SHOWN = {"me": "id,name", "page": "id,name", "image": "hash"}
"""What a read shows that names no fields, where it is more than the id."""
USER_FIELDS = frozenset({"id", "name", "email", "first_name", "last_name"})
ON_EDGES = {"Page": frozenset({"tasks"})}


@functools.cache
def _tables() -> dict[str, dict[str, Any]]:
    text = resources.files(__package__).joinpath("fields.json").read_text("utf-8")
    tables: dict[str, dict[str, Any]] = json.loads(text)
    return tables


@functools.cache
def node_fields(type: str) -> frozenset[str]:
    """Names that `fields` may ask of a node type."""
    if type == "User":
        return USER_FIELDS
    return frozenset(_tables()["nodes"][type].split()) | ON_EDGES.get(type, frozenset())


def edge_params(edge: str) -> dict[str, str] | None:
    """Parameter name to type of `"POST account/campaigns"`; None where the edge has no list."""
    found: dict[str, str] | None = _tables()["edges"].get(edge)
    return found


@functools.cache
def enum(name: str) -> tuple[str, ...]:
    """The values of a parameter type like `one:status`."""
    return tuple(_tables()["enums"][name].split())
