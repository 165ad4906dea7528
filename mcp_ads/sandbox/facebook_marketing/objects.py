"""What the objects of the Graph have in common: an edge says no more than what is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .calls import Call, fields_of
from .lists import listed, page
from .params import Body, checked
from .state import now_text
from .tables import KINDS
from .views import view
from .writes import check_fixed, check_name, created, erase, merged, remove, require, updated

Answer = Callable[[Call], Body]
Edges = Mapping[str, Answer]
Rule = Callable[[Call, Body], None]
"""Raises what Graph says to these parameters."""
NARROW: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: bool(value == wanted),
    "in": lambda value, wanted: value in (wanted or [value]),
    "least": lambda value, wanted: bool(value >= (wanted or 0)),
    "has": lambda value, wanted: str(wanted).casefold() in str(value or "").casefold(),
}
"""How a list's own parameter compares with a field of its rows."""


def generic() -> Iterator[tuple[str, Answer]]:
    """All edges that the table of kinds gives with no rule of their own."""
    below = {"list": ("GET", listing), "create": ("POST", creating)}
    to_one = {
        "get": ("GET", node),
        "update": ("POST", updating()),
        "erase": ("DELETE", erase),
        "remove": ("DELETE", remove),
    }
    for kind, about in KINDS.items():
        for verb in about.does.split():
            if verb in to_one:
                method, answer = to_one[verb]
                yield f"{method} {kind}", answer
                continue
            method, answering = below[verb]
            for owner, edge in about.below.items():
                yield f"{method} {owner}/{edge}", answering(kind)


def node(call: Call) -> Body:
    """GET an object."""
    checked(call.edge, call.params)
    return view(call, fields_of(call.params, KINDS[call.kind].shown))


def listing(kind: str) -> Answer:
    """GET the objects of a kind below the node: those that fit the edge's own parameters."""

    def answer(call: Call) -> Body:
        params = checked(call.edge, call.params)
        if call.kind == "me":
            return shown(call, kind, call.state.all(kind))
        rows = call.state.owned(kind, owned_by(call.kind), _key(call))
        rows = [row for row in rows if _fits(kind, row, params)]
        return shown(call, kind, listed(call, kind, rows, params))

    return answer


def shown(call: Call, kind: str, rows: list[Body]) -> Body:
    """A page of these objects, with the fields that the call wants of each."""
    about = KINDS[kind]
    fields = fields_of(call.params, about.listed or about.shown)
    return page(call, rows, lambda row: view(call.to(f"GET {kind}", kind, row, {}), fields), most=about.most)


def _fits(kind: str, row: Body, params: Body) -> bool:
    narrows = KINDS[kind].narrows.items()
    return all(NARROW[how](row.get(name), params[sent]) for sent, (name, how) in narrows if sent in params)


def owned_by(kind: str) -> str:
    """Where the objects below one of this kind say whose they are."""
    return f"{kind}_id"


def _key(call: Call) -> Any:
    """The node as those below it name it."""
    return call.node["account_id" if call.kind == "account" else "id"]


def creating(
    kind: str,
    *,
    rule: Rule = lambda _call, _sent: None,
    fresh: Callable[[Call, Body], Body] = lambda _call, _sent: {},
) -> Answer:
    """POST a new object below the node; `fresh` is what it has beside what was sent."""
    about = KINDS[kind]

    def answer(call: Call) -> Body:
        sent = checked(call.edge, call.params)
        require(sent, *about.required.split())
        check_name(sent, about.longest_name)
        rule(call, sent)
        new = {owned_by(call.kind): _key(call), "created_time": now_text(), **about.fresh}
        if about.owner:
            new[about.owner] = {name: call.node[name] for name in ("id", "name")}
        return created(call, kind, merged(new | fresh(call, sent), sent))

    return answer


def updating(rule: Rule = lambda _call, _sent: None) -> Answer:
    """POST an object."""

    def answer(call: Call) -> Body:
        sent = checked(call.edge, call.params)
        check_name(sent, KINDS[call.kind].longest_name)
        check_fixed(call, sent)
        rule(call, sent)
        return updated(call, call.kind, merged(call.node, sent))

    return answer
