"""What the objects of the Graph have in common: an edge says no more than what is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .calls import Call, fields_of
from .lists import listed, page
from .params import Body, checked
from .views import view

Answer = Callable[[Call], Body]
Edges = Mapping[str, Answer]
KEYS = {"account": "account_id", "campaign": "campaign_id", "adset": "adset_id"}


def node(call: Call) -> Body:
    """GET an object."""
    checked(call.edge, call.params)
    default = "id,name" if call.kind in ("me", "page") else "id"
    return view(call, fields_of(call.params, default))


def listing(kind: str) -> Answer:
    """GET the objects of a kind below the node."""

    def answer(call: Call) -> Body:
        params = checked(call.edge, call.params)
        key = KEYS[call.kind]
        owner = call.node["account_id" if call.kind == "account" else "id"]
        rows = [each for each in call.state.all(kind) if each[key] == owner]
        fields = fields_of(call.params, "id")
        return page(
            call,
            listed(call, kind, rows, params),
            lambda row: view(call.to(f"GET {kind}", kind, row, {}), fields),
        )

    return answer
