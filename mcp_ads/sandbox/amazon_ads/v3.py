"""The operations that every resource of the v3 shape has: {"campaigns": […]} in, what became of each out.

Every item stands on its own; the answer lists what was done and what was not, by index.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.responses import Response

from . import items
from .calls import Body, Call, Operation
from .errors import Refused, reply
from .fields import check_shape
from .lists import list_objects
from .resources import Resource

OneItem = Callable[[Resource, Call, str, Any], items.Outcome]


def operations(resource: Resource) -> tuple[Operation, ...]:
    """List, create, update and, where there is one, archive."""

    def row(method: str, path: str, run: Callable[[Resource, Call], Response]) -> Operation:
        media = resource.media_type
        return Operation(method, path, partial(run, resource), takes=media, gives=media)

    base = resource.path
    rows = [row("POST", base, _create), row("PUT", base, _update), row("POST", f"{base}/list", list_objects)]
    if resource.archive:
        rows.append(row("POST", f"{base}/delete", archive))
    return tuple(rows)


def _create(resource: Resource, call: Call) -> Response:
    sent = _items(resource, call)
    for index, item in enumerate(sent):
        check_shape(item, resource.fields, "create", f"$.{resource.key}[{index}]")
    return _each(resource, call, f"$.{resource.key}", sent, items.create)


def _update(resource: Resource, call: Call) -> Response:
    sent = _items(resource, call)
    for index, item in enumerate(sent):
        at = f"$.{resource.key}[{index}]"
        if not isinstance(item, dict) or not isinstance(item.get(resource.id, ""), str):
            raise Refused(400, f"{at}.{resource.id} must be a string")
        rest = {name: value for name, value in item.items() if name != resource.id}
        check_shape(rest, resource.fields, "update", at)
    return _each(resource, call, f"$.{resource.key}", sent, items.update)


def archive(resource: Resource, call: Call) -> Response:
    """Archive what the filter names, which it has to."""
    body, name = call.body, resource.by_id
    if not isinstance(body, dict) or set(body) != {name}:
        raise Refused(400, f"The body must have {name} and nothing else")
    chosen = body[name]
    ids = chosen.get("include") if isinstance(chosen, dict) and set(chosen) == {"include"} else None
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise Refused(400, f"$.{name}.include must be an array of strings")
    _check_count(resource, ids)
    return _each(resource, call, f"$.{name}.include", ids, items.archive)


def _items(resource: Resource, call: Call) -> list[Any]:
    body = call.body
    if not isinstance(body, dict) or set(body) != {resource.key} or not isinstance(body[resource.key], list):
        raise Refused(400, f"The body must be an object with one array, {resource.key}")
    sent: list[Any] = body[resource.key]
    if resource.coded and not sent:
        raise Refused(400, f"At least one item in {resource.key}")
    _check_count(resource, sent)
    return sent


def _check_count(resource: Resource, sent: list[Any]) -> None:
    if len(sent) > resource.batch:
        raise Refused(400, f"At most {resource.batch} items in one request, not {len(sent)}")


def _each(resource: Resource, call: Call, at: str, sent: list[Any], one: OneItem) -> Response:
    done: list[Body] = []
    failed: list[Body] = []
    with call.store.transaction():
        for index, item in enumerate(sent):
            outcome = one(resource, call, f"{at}[{index}]", item)
            if isinstance(outcome, list):
                errors = [
                    problem.coded() if resource.coded else resource.spelt(problem) for problem in outcome
                ]
                failed.append({"index": index, "errors": errors})
                continue
            entry: Body = {"index": index, resource.written_id: outcome[resource.id]}
            if (call.wants_objects or resource.coded) and one is not items.archive:
                entry[resource.one] = items.shown(outcome)
            done.append(entry)
    return reply({resource.key: {"success": done, "error": failed}}, 207, resource.media_type)
