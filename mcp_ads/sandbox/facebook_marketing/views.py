"""Objects as they are read: the fields asked for, computed ones included, edges expanded inside."""

from __future__ import annotations

from typing import Any

from .access import computed as access
from .audiences import computed as audiences
from .calls import Call, Field, default_params
from .catalogs import computed as catalogs
from .creative import computed as creative
from .delivery import computed as delivery
from .errors import nonexisting
from .params import Body
from .state import Computed, State
from .tables import KINDS, node_fields

COMPUTED: Computed = {
    **access.COMPUTED,
    **delivery.COMPUTED,
    **creative.COMPUTED,
    **catalogs.COMPUTED,
    **audiences.COMPUTED,
}
LINKS = delivery.LINKS


def view(call: Call, fields: list[Field]) -> Body:
    """The node of a call, as wanted; `id` always comes along, fields without a value do not."""
    shown: Body = {}
    for field in fields:
        value = _value(call, field)
        if value is not None and value != "":
            shown[field.name] = value
    return shown | {"id": call.node["id"]}


def _value(call: Call, wanted: Field) -> Any:
    if wanted.name not in node_fields(KINDS[call.kind].node):
        return _expanded(call, wanted)
    if (kind := LINKS.get((call.kind, wanted.name))) is not None:
        return _linked(call, wanted, kind)
    value = read(call.state, call.kind, call.node, wanted.name)
    if wanted.inner and isinstance(value, dict):
        return {field.name: value[field.name] for field in wanted.inner if field.name in value}
    if wanted.inner and isinstance(value, list):
        names = [field.name for field in wanted.inner]
        return [{name: entry[name] for name in names if name in entry} for entry in value]
    return value


def _expanded(call: Call, wanted: Field) -> Body | None:
    edge = f"GET {call.kind}/{wanted.name}"
    if edge not in call.edges:
        raise nonexisting(wanted.name, KINDS[call.kind].node)
    inner = call.to(edge, call.kind, call.node, default_params(wanted.modifiers, wanted.inner))
    found = call.edges[edge](inner)
    return found if found.get("data") != [] else None


def _linked(call: Call, wanted: Field, kind: str) -> Body | None:
    key = f"{kind}_id" if f"{kind}_id" in call.node else f"source_{kind}_id"
    if not (node := call.state.get(kind, call.node.get(key, ""))):
        return None
    return view(call.to("GET", kind, node, {}), wanted.inner or [])


def read(state: State, kind: str, body: Body, name: str) -> Any:
    """One field's value; filters read with the same eyes."""
    if (text := KINDS[kind].texts.get(name)) is not None:
        return text.format_map(body)
    if (computed := COMPUTED.get((kind, name)) or COMPUTED.get(("", name))) is not None:
        return computed(state, body)
    return body.get(name)
