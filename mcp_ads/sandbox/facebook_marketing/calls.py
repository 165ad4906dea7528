"""One call as its handler sees it, and the parsing of `fields`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import GraphError, absent
from .params import Body, as_names
from .state import State

MODIFIER = re.compile(r"\.(\w+)\(")


@dataclass(frozen=True)
class Call:
    """A request that found its object: `edge` is a key of the tables, like `GET campaign/adsets`."""

    state: State
    edge: str
    kind: str
    node: Body
    params: Body
    token: str = field(repr=False)
    base: str
    edges: Mapping[str, Callable[[Call], Body]] = field(repr=False)
    fault: Body | None = None

    @property
    def url(self) -> str:
        """The address of this edge, without parameters."""
        parts = (self.base, self.node["id"], self.edge.partition("/")[2])
        return "/".join(part for part in parts if part)

    def owned(self, kind: str, id: object) -> Body:
        """An object of the node's account; Graph does not tell another's from nobody's."""
        found = self.state.get(kind, str(id))
        if found is None or found["account_id"] != self.node["account_id"]:
            raise absent(self.edge.partition(" ")[0], str(id))
        return found

    def to(self, edge: str, kind: str, node: Body, params: Body) -> Call:
        """Another call on behalf of the same caller."""
        return replace(self, edge=edge, kind=kind, node=node, params=params)


@dataclass
class Field:
    """One name of `fields`, with its `.limit(5)` and `{id,name}`."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    inner: list[Field] | None = None


def fields_of(params: Body, default: str) -> list[Field]:
    """The fields asked for; a comma list, or a JSON array as well."""
    text = params.get("fields") or default
    if isinstance(text, list) or str(text).startswith("["):
        text = ",".join(as_names("fields", text))
    return parse(str(text))


def parse(text: str) -> list[Field]:
    fields, rest = _list(text)
    if rest:
        raise _syntax(rest)
    return fields


def _list(text: str) -> tuple[list[Field], str]:
    found: list[Field] = []
    while True:
        wanted, text = _one(text)
        found.append(wanted)
        if not text.startswith(","):
            return found, text
        text = text[1:]


def _one(text: str) -> tuple[Field, str]:
    match = re.match(r"\s*([\w:-]+)\s*", text)
    if not match:
        raise _syntax(text)
    wanted, text = Field(match[1]), text[match.end() :]
    while match := MODIFIER.match(text):
        value, text = _argument(text[match.end() :])
        wanted.modifiers[match[1]] = value
    if text.startswith("{"):
        wanted.inner, text = _list(text[1:])
        if not text.startswith("}"):
            raise _syntax(text)
        text = text[1:]
    return wanted, text.lstrip()


def _argument(text: str) -> tuple[str, str]:
    depth = 1
    for index, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[:index], text[index + 1 :]
    raise _syntax(text)


def _syntax(rest: str) -> GraphError:
    at = f"near {rest[:30]!r}" if rest else "at the end"
    return GraphError(2500, f"Syntax error in the field list {at}: expected a field name")


def text_of(fields: list[Field]) -> str:
    """The fields as text again, for the call that answers an inner list."""
    return ",".join(_text(one) for one in fields)


def _text(wanted: Field) -> str:
    modifiers = "".join(f".{name}({value})" for name, value in wanted.modifiers.items())
    inner = f"{{{text_of(wanted.inner)}}}" if wanted.inner else ""
    return wanted.name + modifiers + inner


def default_params(params: Body, fields: list[Field] | None) -> Body:
    """Modifiers of an expanded edge as that edge's parameters."""
    known: dict[str, Any] = {**params}
    return known | ({"fields": text_of(fields)} if fields else {})
