"""Writes: every item on its own; the answer lists what was done and what was not, by index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from .calls import Body, Call
from .errors import Problem, Refused, reply
from .fields import Verb, check_shape, problems
from .lists import owned, shown
from .market import now, today
from .resources import Resource
from .rules import Draft, check, completed
from .sp_table import AUTO_TYPES, RESOURCES

FIRST_ID = 900_000_000_000_000
CHILDREN = {"campaigns": "campaignId", "adGroups": "adGroupId"}
Outcome = list[Problem] | Body
OneItem = Callable[[Resource, Call, int, Any], Outcome]


def create(resource: Resource, call: Call) -> Response:
    """Create what passes; the rest is answered with its problems."""
    items = _items(resource, call)
    for index, item in enumerate(items):
        check_shape(item, resource.fields, "create", f"$.{resource.key}[{index}]")
    return _each(resource, call, items, _create)


def update(resource: Resource, call: Call) -> Response:
    """Change the fields sent of the objects named."""
    items = _items(resource, call)
    for index, item in enumerate(items):
        at = f"$.{resource.key}[{index}]"
        if not isinstance(item, dict) or not isinstance(item.get(resource.id, ""), str):
            raise Refused(400, f"{at}.{resource.id} must be a string")
        check_shape(_without_id(resource, item), resource.fields, "update", at)
    return _each(resource, call, items, _update)


def archive(resource: Resource, call: Call) -> Response:
    """Archive by id, for good; what lies below goes along."""
    body, name = call.body, resource.own_filter
    if not isinstance(body, dict) or set(body) != {name}:
        raise Refused(400, f"The body must have {name} and nothing else")
    ids = (
        body[name].get("include") if isinstance(body[name], dict) and set(body[name]) == {"include"} else None
    )
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Refused(400, f"$.{name}.include must be an array of strings")
    _check_count(resource, ids)
    return _each(resource, call, ids, _archive)


def _items(resource: Resource, call: Call) -> list[Any]:
    body = call.body
    if not isinstance(body, dict) or set(body) != {resource.key} or not isinstance(body[resource.key], list):
        raise Refused(400, f"The body must be an object with one array, {resource.key}")
    items: list[Any] = body[resource.key]
    _check_count(resource, items)
    return items


def _check_count(resource: Resource, items: list[Any]) -> None:
    if len(items) > resource.batch:
        raise Refused(400, f"At most {resource.batch} items in one request, not {len(items)}")


def _each(resource: Resource, call: Call, items: list[Any], one: OneItem) -> Response:
    done: list[Body] = []
    failed: list[Body] = []
    with call.store.transaction():
        for index, item in enumerate(items):
            outcome = one(resource, call, index, item)
            if isinstance(outcome, list):
                failed.append({"index": index, "errors": [each.body() for each in outcome]})
                continue
            entry: Body = {"index": index, resource.written_id: outcome[resource.id]}
            if call.wants_objects and one is not _archive:
                entry[resource.one] = shown(outcome)
            done.append(entry)
    return reply({resource.key: {"success": done, "error": failed}}, 207, resource.media_type)


def _create(resource: Resource, call: Call, index: int, item: Body) -> Outcome:
    sent = {key: value for key, value in item.items() if value is not None}
    draft = Draft(call, resource, f"$.{resource.key}[{index}]", sent, None)
    if found := _problems(draft, "create"):
        return found
    new, at = call.store.new_id("amazon.id", FIRST_ID), now()
    notes = {"_profile": call.profile_id, "_noun": _status_noun(resource), "_created": at, "_updated": at}
    saved = {resource.id: new, **completed(draft), **notes}
    call.store.put(resource.kind, new, saved)
    call.store.journal("amazon_ads", f"create {resource.noun}", new, item)
    if saved.get("_targetingType") == "AUTO":
        _add_auto_targets(call, saved)
    return saved


def _update(resource: Resource, call: Call, index: int, item: Body) -> Outcome:
    at, own = f"$.{resource.key}[{index}]", item.get(resource.id)
    if own is None:
        return [
            Problem("missingValueError", "MISSING_VALUE", f"{resource.id} is required", f"{at}.{resource.id}")
        ]
    old = _find(resource, call, own)
    if old is None:
        return [_unknown(f"{at}.{resource.id}", own)]
    draft = Draft(call, resource, at, _without_id(resource, item), old)
    if found := _problems(draft, "update"):
        return found
    saved = {**completed(draft), "_updated": now()}
    if saved["state"] != old["state"]:
        saved["_changed"] = today(call.profile).isoformat()
    saved = {key: value for key, value in saved.items() if value is not None}
    call.store.put(resource.kind, own, saved)
    call.store.journal("amazon_ads", f"update {resource.noun}", own, item)
    return saved


def _archive(resource: Resource, call: Call, index: int, id: str) -> Outcome:
    at, old = f"$.{resource.own_filter}.include[{index}]", _find(resource, call, id)
    if old is None:
        return [_unknown(at, id)]
    if old.get("expressionType") == "AUTO":
        reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY"
        return [Problem("entityStateError", reason, "automatic targets end with their ad group", at, id)]
    if old["state"] != "ARCHIVED":
        _end(resource, call, old)
        call.store.journal("amazon_ads", f"archive {resource.noun}", id, {resource.id: id})
    return old


def _end(resource: Resource, call: Call, old: Body) -> None:
    ended = {**old, "state": "ARCHIVED", "_updated": now(), "_changed": today(call.profile).isoformat()}
    call.store.put(resource.kind, old[resource.id], ended)
    parent = CHILDREN.get(resource.key, "")
    for child in RESOURCES if parent else ():
        for each in owned(call, child):
            if child is not resource and each.get(parent) == old[resource.id] and each["state"] != "ARCHIVED":
                _end(child, call, each)


def _problems(draft: Draft, verb: Verb) -> list[Problem]:
    found = list(problems(draft.item, draft.resource.fields, verb, draft.at))
    return found or list(check(draft))


def _add_auto_targets(call: Call, group: Body) -> None:
    for kind in AUTO_TYPES:
        new = call.store.new_id("amazon.id", FIRST_ID)
        call.store.put("amazon.targetingClauses", new, auto_target(new, group, kind))


def auto_target(id: str, group: Body, kind: str) -> Body:
    """One of the four targets that an automatic campaign's ad group is born with."""
    kept = ("campaignId", "adGroupId", "_profile", "_created", "_updated")
    expression = {"expression": [{"type": kind}], "resolvedExpression": [{"type": kind}]}
    more = {
        "expressionType": "AUTO",
        "state": "ENABLED",
        "bid": group["defaultBid"],
        "_noun": "TARGETING_CLAUSE",
    }
    return {"targetId": id, **{key: group[key] for key in kept}, **expression, **more}


def _status_noun(resource: Resource) -> str:
    return resource.noun.upper().replace(" ", "_")


def _find(resource: Resource, call: Call, id: str) -> Body | None:
    found = call.store.get(resource.kind, id)
    return found if found and found["_profile"] == call.profile_id else None


def _without_id(resource: Resource, item: Body) -> Body:
    return {key: value for key, value in item.items() if key != resource.id}


def _unknown(at: str, id: str) -> Problem:
    return Problem("entityNotFoundError", "ENTITY_NOT_FOUND", "no such object in this profile", at, id)
