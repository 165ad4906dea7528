"""What the objects of the Graph have in common: an edge says no more than what is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .calls import Call, fields_of
from .lists import MOST, listed, page
from .params import Body, checked
from .state import now_text
from .tables import SHOWN
from .views import view
from .writes import check_name, created, merged, require, updated

Answer = Callable[[Call], Body]
Edges = Mapping[str, Answer]
Rule = Callable[[Call, Body], None]
"""Raises what Graph says to these parameters."""
KEYS = {"account": "account_id", "campaign": "campaign_id", "adset": "adset_id", "business": "business_id"}
"""A kind -> where the objects below it say whose they are."""


def node(call: Call) -> Body:
    """GET an object."""
    checked(call.edge, call.params)
    return view(call, fields_of(call.params, SHOWN.get(call.kind, "id")))


def listing(
    kind: str, *, fits: Callable[[Body, Body], bool] = lambda _row, _params: True, most: int = MOST
) -> Answer:
    """GET the objects of a kind below the node, those that fit the edge's own parameters."""

    def answer(call: Call) -> Body:
        params = checked(call.edge, call.params)
        owner = call.node[KEYS["account"] if call.kind == "account" else "id"]
        rows = [row for row in call.state.all(kind) if row[KEYS[call.kind]] == owner and fits(row, params)]
        fields = fields_of(call.params, SHOWN.get(kind, "id"))
        return page(
            call,
            listed(call, kind, rows, params),
            lambda row: view(call.to(f"GET {kind}", kind, row, {}), fields),
            most=most,
        )

    return answer


def creating(
    kind: str,
    *required: str,
    rule: Rule = lambda _call, _sent: None,
    fresh: Callable[[Call, Body], Body] = lambda _call, _sent: {},
) -> Answer:
    """POST a new object below the node; `fresh` is what it has beside what was sent."""

    def answer(call: Call) -> Body:
        sent = checked(call.edge, call.params)
        require(sent, *required)
        check_name(sent)
        rule(call, sent)
        owner = call.node[KEYS["account"] if call.kind == "account" else "id"]
        new = {KEYS[call.kind]: owner, "created_time": now_text()}
        return created(call, kind, merged(new | fresh(call, sent), sent))

    return answer


def updating(rule: Rule = lambda _call, _sent: None) -> Answer:
    """POST an object."""

    def answer(call: Call) -> Body:
        sent = checked(call.edge, call.params)
        check_name(sent)
        rule(call, sent)
        return updated(call, call.kind, merged(call.node, sent))

    return answer
