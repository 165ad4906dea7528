"""What can be read and written where: kinds of objects, node fields, edge parameters, enums."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

USER_FIELDS = frozenset({"id", "name", "email", "first_name", "last_name"})
ON_EDGES = {"Page": frozenset({"tasks"})}
OFFSETS = dict.fromkeys(("CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"), 1)
"""Currencies whose amounts are whole; all others have hundredths."""


def table(name: str, package: str = __package__) -> Any:
    """A JSON file beside the code."""
    return json.loads(resources.files(package).joinpath(name).read_text("utf-8"))


@dataclass(frozen=True)
class Kind:
    """What holds of all objects of a kind: an entry of kinds.json.

    `node` is its type in fields.json. `below` says whose they are, and under which edge of it.
    `does` is what can be done with no rule of its own: `list` and `create` below an owner; `get`, `update`,
    `erase` or, where it stays as DELETED, `remove` of one of them.
    A read that names no fields shows `shown`, a list `listed` if that is something else.
    A new one needs what is `required`, begins with what is `fresh` and shows its owner as `owner`; the name
    has at most `longest_name` characters. What is `fixed` never changes: Graph answers with that subcode.
    A list can be filtered by `filters`, is narrowed by parameters as `{"minwidth": ["width", "least"]}` says,
    and a page of it has at most `most` rows. `texts` are fields made of others: `{"url": "https://…/{hash}"}`.
    """

    node: str
    shown: str = "id"
    listed: str = ""
    below: Mapping[str, str] = field(default_factory=dict)
    does: str = ""
    required: str = ""
    fresh: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    fixed: Mapping[str, int] = field(default_factory=dict)
    longest_name: int = 400
    filters: str = ""
    narrows: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    most: int = 500
    texts: Mapping[str, str] = field(default_factory=dict)


KINDS: dict[str, Kind] = {name: Kind(**about) for name, about in table("kinds.json").items()}
"""In the order in which the owner of an id is looked for."""


@functools.cache
def _tables() -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = table("fields.json")
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
