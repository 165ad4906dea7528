"""The operations of the generation before v3: bare arrays in and out, lists by query, ids as numbers.

An answer says what became of each item by its place in the array. That a list names a filter nobody knows, or
one value that is none, is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response

from . import items
from .calls import Body, Call, Operation
from .errors import Problem, Refused, reply
from .fields import Verb, check_shape
from .resources import Filter, Resource

LARGEST_PAGE = 100
WORDS = ("enabled", "paused", "archived")
STATES = frozenset(
    ", ".join(word for word in WORDS if word in chosen)
    for chosen in (WORDS, WORDS[:1], WORDS[1:2], WORDS[2:], WORDS[:2], WORDS[1:], WORDS[::2])
)
OneItem = Callable[[Resource, Call, str, Any], items.Outcome]


def operations(resource: Resource) -> tuple[Operation, ...]:
    """List and read, both with more fields if wanted, create, update and archive."""

    def row(method: str, path: str, run: Callable[..., Response], *more: Any) -> Operation:
        takes = "application/json" if method in {"POST", "PUT"} else ""
        return Operation(method, f"{resource.path}{path}", partial(run, resource, *more), takes=takes)

    return (
        row("GET", "", _list, False),
        row("GET", "/extended", _list, True),
        row("GET", "/extended/{id}", _get, True),
        row("GET", "/{id}", _get, False),
        row("POST", "", _write, "create"),
        row("PUT", "", _write, "update"),
        row("DELETE", "/{id}", _archive),
    )


def _list(resource: Resource, extended: bool, call: Call) -> Response:
    query = dict(call.request.query_params)
    start, size = _number(query, "startIndex", 0), _number(query, "count", LARGEST_PAGE)
    found = [row for row in items.owned(call, resource.kind) if _passes(row, resource, query)]
    page = found[start : start + min(size, LARGEST_PAGE)]
    return reply([_view(resource, row, extended, call) for row in page])


def _get(resource: Resource, extended: bool, call: Call) -> Response:
    found = items.find(resource, call, call.params["id"])
    if found is None:
        raise Refused(404, f"Could not find {resource.noun} {call.params['id']}")
    return reply(_view(resource, found, extended, call))


def _write(resource: Resource, verb: Verb, call: Call) -> Response:
    sent = call.body
    if not isinstance(sent, list):
        raise Refused(400, "The body must be an array")
    if len(sent) > resource.batch:
        raise Refused(400, f"At most {resource.batch} objects in one array, not {len(sent)}")
    for index, item in enumerate(sent):
        _check(resource, verb, item, f"$[{index}]")
    one: OneItem = items.create if verb == "create" else items.update
    with call.store.transaction():
        outcomes = [one(resource, call, f"$[{index}]", item) for index, item in enumerate(sent)]
    return reply([_told(resource, outcome) for outcome in outcomes], 207)


def _archive(resource: Resource, call: Call) -> Response:
    with call.store.transaction():
        outcome = items.archive(resource, call, "$", call.params["id"])
    if isinstance(outcome, list):
        raise Refused(404, f"Could not find {resource.noun} {call.params['id']}")
    return reply(_told(resource, outcome))


def _check(resource: Resource, verb: Verb, item: Any, at: str) -> None:
    rest = item
    if verb == "update" and isinstance(item, dict):
        if type(item.get(resource.id, 0)) is not int:
            raise Refused(400, f"{at}.{resource.id} must be a number")
        rest = {name: value for name, value in item.items() if name != resource.id}
    check_shape(rest, resource.fields, verb, at)


def _told(resource: Resource, outcome: items.Outcome) -> Body:
    if isinstance(outcome, list):
        return {"code": _code(outcome[0]), "description": f"{outcome[0].location} {outcome[0].message}"}
    return {resource.id: outcome[resource.id], "code": "SUCCESS"}


def _code(problem: Problem) -> str:
    return "NOT_FOUND" if problem.kind == "entityNotFoundError" else "INVALID_ARGUMENT"


def _view(resource: Resource, found: Body, extended: bool, call: Call) -> Body:
    if not extended:
        return items.shown(found)
    times = {"creationDate": _epoch(found["_created"]), "lastUpdatedDate": _epoch(found["_updated"])}
    return items.shown(found) | {"servingStatus": resource.serving(call, found), **times}


def _epoch(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def _number(query: dict[str, str], name: str, usual: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or (name == "count" and int(text) < 1):
        raise Refused(422, f"Invalid value for {name}: {text}")
    return int(text)


def _passes(found: Body, resource: Resource, query: dict[str, str]) -> bool:
    filters = {resource.by_id: Filter("include", resource.id), **resource.filters}
    for name, text in query.items():
        if name in {"startIndex", "count"}:
            continue
        if name == "stateFilter":
            if text not in STATES:
                raise Refused(422, f"stateFilter must be one of {sorted(STATES)}")
            fits = found["state"] in text.split(", ")
        elif name not in filters:
            raise Refused(400, f"Invalid query parameter {name}")
        elif filters[name].shape == "include":
            ids = text.split(",")
            if not all(one.isdecimal() for one in ids):
                raise Refused(422, f"{name} must be ids with commas between them")
            fits = str(found.get(filters[name].of)) in ids
        else:
            fits = found.get(filters[name].of) == text
        if not fits:
            return False
    return True
