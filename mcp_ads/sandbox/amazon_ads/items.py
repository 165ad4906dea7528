"""One item of a write, whatever its request looks like: checked, kept, and what ends with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.faults import refused_places

from . import changes
from .calls import Body, Call
from .errors import Problem
from .fields import problems
from .market import now, today
from .resources import Draft, Resource

FIRST_ID = 900_000_000_000_000
REASONS = {"throttledError": "THROTTLED", "internalServerError": "INTERNAL_ERROR"}
PLACE = re.compile(r"\[(\d+)\]$")
Outcome = list[Problem] | Body


def owned(call: Call, kind: str) -> list[Body]:
    """The profile's own objects of one kind."""
    return call.store.owned(kind, "_profile", call.profile_id)


def shown(found: Body) -> Body:
    """An object as the API shows it; the sandbox's own notes begin with an underscore."""
    return {key: value for key, value in found.items() if not key.startswith("_")}


def create(resource: Resource, call: Call, at: str, item: Body) -> Outcome:
    """The new object, or what is wrong with it."""
    if found := _on_request(call, at):
        return found
    sent = {key: value for key, value in item.items() if value is not None}
    draft = Draft(call, resource, "create", at, sent, None)
    if found := _problems(draft):
        return found
    new, moment = call.store.new_id("amazon.id", FIRST_ID), now()
    noun = resource.noun.upper().replace(" ", "_")
    notes = {"_profile": call.profile_id, "_noun": noun, "_created": moment, "_updated": moment}
    saved = {resource.id: int(new) if resource.number_ids else new, **resource.completed(draft), **notes}
    call.store.put(resource.kind, new, saved)
    call.store.journal("amazon_ads", f"create {resource.noun}", new, item)
    changes.note(call, resource, None, saved)
    resource.born(call, saved)
    return saved


def update(resource: Resource, call: Call, at: str, item: Body) -> Outcome:
    """The changed object, or what is wrong with the change."""
    if found := _on_request(call, at):
        return found
    own, place = item.get(resource.id), f"{at}.{resource.id}"
    if own is None:
        return [Problem("missingValueError", "MISSING_VALUE", f"{resource.id} is required", place)]
    old = find(resource, call, own)
    if old is None:
        return [_unknown(place, own)]
    sent = {key: value for key, value in item.items() if key != resource.id}
    draft = Draft(call, resource, "update", at, sent, old)
    if found := _problems(draft):
        return found
    saved = {**resource.completed(draft), "_updated": now()}
    if saved["state"] != old["state"]:
        saved["_changed"] = today(call.profile).isoformat()
    saved = {key: value for key, value in saved.items() if value is not None}
    call.store.put(resource.kind, str(own), saved)
    call.store.journal("amazon_ads", f"update {resource.noun}", str(own), item)
    changes.note(call, resource, old, saved)
    if saved["state"] == resource.archived:
        _end_below(resource, call, saved)
    return saved


def archive(resource: Resource, call: Call, at: str, id: Any) -> Outcome:
    """The archived object with what was below it; one that is archived already stays so."""
    if found := _on_request(call, at):
        return found
    old = find(resource, call, id)
    if old is None:
        return [_unknown(at, id)]
    draft = Draft(call, resource, "update", at, {}, old)
    if resource.stays and (found := list(resource.stays(draft))):
        return found
    if old["state"] != resource.archived:
        _end(resource, call, old)
        call.store.journal("amazon_ads", f"archive {resource.noun}", str(id), {resource.id: id})
    return old


def find(resource: Resource, call: Call, id: Any) -> Body | None:
    """The profile's object of that id."""
    found = call.store.get(resource.kind, str(id))
    return found if found and found["_profile"] == call.profile_id else None


def _end(resource: Resource, call: Call, old: Body) -> None:
    word, day = resource.archived, today(call.profile).isoformat()
    ended = {**old, "state": word, "_updated": now(), "_changed": day}
    call.store.put(resource.kind, str(old[resource.id]), ended)
    changes.note(call, resource, old, ended)
    _end_below(resource, call, old)


def _end_below(resource: Resource, call: Call, old: Body) -> None:
    for child in resource.below:
        for found in owned(call, child.kind):
            if str(found.get(resource.id)) == str(old[resource.id]) and found["state"] != child.archived:
                _end(child, call, found)


def _on_request(call: Call, at: str) -> list[Problem]:
    """What a fault `mixed` has against the item at this place of its batch."""
    fault, place = getattr(call.request.state, "fault", None) or {}, PLACE.search(at)
    if place is None or int(place[1]) not in refused_places(fault, int(place[1]) + 1):
        return []
    kind = str(fault.get("code", "otherError"))
    reason = REASONS.get(kind, "OTHER_ERROR")
    return [Problem(kind, reason, "the sandbox refuses this one on request", at)]


def _problems(draft: Draft) -> list[Problem]:
    found = list(problems(draft.item, draft.resource.fields, draft.verb, draft.at))
    return found or list(_broken(draft))


def _broken(draft: Draft) -> Iterator[Problem]:
    """Every rule the item breaks; below an unfit parent no other is looked at."""
    if draft.old and draft.old["state"] == draft.resource.archived:
        reason = "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"
        yield draft.problem("entityStateError", reason, "archived for good", draft.resource.id)
        return
    found = list(_unfit_parents(draft))
    for rule in () if found else draft.resource.rules:
        found += rule(draft)
    yield from found or _repeated(draft)


def _unfit_parents(draft: Draft) -> Iterator[Problem]:
    kind, new = "parentEntityError", draft.new
    for name in draft.resource.parents:
        if (sent := draft.item.get(name)) is None:
            continue
        found = draft.parent(name)
        others = (other for other in draft.resource.parents if other != name and new.get(other))
        if found is None or any(str(found.get(other, new[other])) != str(new[other]) for other in others):
            yield draft.problem(kind, "PARENT_ENTITY_NOT_FOUND", f"no such {name}", name, sent)
        elif found["state"].upper() == "ARCHIVED":
            yield draft.problem(kind, "PARENT_ENTITY_ARCHIVED", "the parent is archived", name, sent)


def _repeated(draft: Draft) -> Iterator[Problem]:
    resource, new = draft.resource, draft.resource.completed(draft)
    touched = draft.old is None or any(name in draft.item for name in resource.unique)
    if not resource.unique or not touched or resource.repeated(draft.call.profile):
        return
    wanted = [(name, _plain(name, new.get(name))) for name in resource.unique]
    telling, sought = next((pair for pair in wanted if not pair[0].endswith("Id")), wanted[0])
    for kind in (resource.kind, *resource.namesakes):
        for found in owned(draft.call, kind):
            if _plain(telling, found.get(telling)) != sought:
                continue
            if any(_plain(name, found.get(name)) != value for name, value in wanted):
                continue
            itself = kind == resource.kind and found[resource.id] == new.get(resource.id)
            if not itself and found["state"].upper() != "ARCHIVED":
                name = resource.unique[-1]
                reason = "NAME_NOT_UNIQUE" if name == "name" else "DUPLICATE_VALUE"
                text = "there is one like it already"
                yield draft.problem("duplicateValueError", reason, text, name, new.get(name))
                return


def _plain(name: str, value: Any) -> Any:
    """A value without regard to case, a keyword's also to how many spaces are between its words."""
    plain = value.casefold() if isinstance(value, str) else value
    return " ".join(plain.split()) if name == "keywordText" else plain


def _unknown(at: str, id: Any) -> Problem:
    return Problem("entityNotFoundError", "ENTITY_NOT_FOUND", "no such object in this profile", at, id)
