"""What the objects above one say of it: parents named in a call, and amounts taken from above."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.core import OBJECT, Account, Write, dig
from mcp_ads.core.action import live_path
from mcp_ads.core.owner import texts_in
from mcp_ads.engine.changes import spend_effects as effects
from mcp_ads.engine.changes.calls import made_record
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.session import objects
from mcp_ads.engine.session.elsewhere import MOST_ASKED, elsewhere
from mcp_ads.errors import ApiError, InvalidParams, NotFound, OutOfScope

from .asked import Asked
from .items import asks_alike


async def parents_of(asked: Asked, call: Write, account: Account | None) -> dict[str, Mapping[str, Any]]:
    """The records of the objects that the call's parameters name as parents, and of one that pays for it and
    that none of them names, but another one's record. Raises InvalidParams.
    """
    records: dict[str, Mapping[str, Any]] = {}
    for name in call.parents:
        if (value := getattr(call, name)) is not None:
            records[name] = await _parent(asked, call, account, name, str(value))
    for path, entity in call.paid_by.items():
        name = next((name for name, of in call.parents.items() if of == entity and name not in records), "")
        if name and (value := next(filter(None, (dig(record, path) for record in records.values())), None)):
            records[name] = await _parent(asked, call, account, name, str(value))
    return records


async def further_up(asked: Asked, call: Write, account: Account | None) -> dict[str, Mapping[str, Any]]:
    """The records of parents that the call leaves out, and that earlier steps name which make its others."""
    makers = [step for name in call.parents if (step := asked.step_named(getattr(call, name))) is not None]
    records: dict[str, Mapping[str, Any]] = {}
    for name in call.parents:
        value = next((str(step.params[name]) for step in makers if step.params.get(name)), "")
        if value and getattr(call, name) is None:
            records[name] = await _parent(asked, call, account, name, value)
    return records


async def _parent(
    asked: Asked, call: Write, account: Account | None, name: str, value: str
) -> Mapping[str, Any]:
    session, entity = asked.session, call.parents[name]
    if (made_by := asked.step_named(value)) is not None:
        return made_record(session.connector, made_by, call.parent_fields)
    above, owner = session.connector.entity(entity), session.connector.owner
    if above.action("get", session.connector.name).whose != OBJECT:
        owner = None
    paths = [*effects.own_paths(above), *effects.times_of(above)]
    fields = [*call.parent_fields, *([*owner.fields, *paths] if owner else [])]
    try:
        record = await objects.fetch(session, entity, value, account, fields, asked.params)
    except NotFound as error:
        raise await _nowhere(asked, account, error, name, entity, value) from None
    whose = owner.read(record) if owner else ""
    if account and (whose or (owner and session.accounts.limited)) and whose != account.id:
        raise OutOfScope(f"{name}: {value} does not belong to account {account.id}")
    return record


async def _nowhere(
    asked: Asked, account: Account | None, error: NotFound, name: str, entity: str, value: str
) -> InvalidParams:
    """That what a parameter names is not there, or what it is instead."""
    told = await elsewhere(asked.session, entity, "get", value, account) if asked.item < MOST_ASKED else ""
    return InvalidParams(
        f"{name}: {value} is {told}" if told else f"{name}: {error}", fix="" if told else error.fix
    )


async def consulted(asked: Asked, call: Write, account: Account | None) -> Mapping[str, Any]:
    """The record of the other object a call is settled with. Raises InvalidParams when it is not there, or is
    not what it will be: an earlier step changes it, or something its record names.
    """
    if (consults := call.consults()) is None:
        return {}
    entity, object_id, fields = consults
    above = (str(getattr(call, name)) for name in call.parents)
    if object_id in above and (made_by := asked.step_named(object_id)) is not None:
        return made_record(asked.session.connector, made_by, fields)
    try:
        record = await objects.fetch(asked.session, entity, object_id, account, fields, asked.params)
    except NotFound as error:
        name = next((name for name, value in asked.params.items() if value == object_id), entity)
        raise await _nowhere(asked, account, error, name, entity, object_id) from None
    known, below = {object_id, *texts_in(record)}, {object_id, *_listed(record)}
    for number, step in enumerate(asked.earlier, 1):
        if asks_alike(asked.session.connector, asked.kind, step):
            continue  # the two are held against each other once both are drafted
        if _changes(asked, step, known) or (call.takes_along() and _adds_to(asked, step, below)):
            raise InvalidParams(
                f"{object_id}: step {number} of the plan changes {step.target}, and this step is worked out "
                "from how that is now",
                fix="apply that first, then plan this",
            )
    return record


def _changes(asked: Asked, step: Step, known: set[str]) -> bool:
    """Whether a step changes one of these objects, by hand too."""
    connector = asked.session.connector
    by_hand = str(step.params.get("path") or "").split("/") if step.raw else []
    ids = {connector.plain_id(one) for one in (step.subject, *by_hand) if one}
    return step.connector == connector.name and not ids.isdisjoint(known)


def _adds_to(asked: Asked, step: Step, known: set[str]) -> bool:
    """Whether a step makes something within one of these objects, by hand too."""
    connector = asked.session.connector
    if step.connector != connector.name or not (step.makes or step.raw):
        return False
    kind, given = connector.action(step.entity, step.action), step.params
    names = list(kind.parents) if issubclass(kind, Write) else []
    if step.raw:
        body = given.get("body")
        given = body if isinstance(body, dict) else {}
        names = [name for name in given if name.endswith("_id")]
    return any(connector.plain_id(str(given.get(name) or "")) in known for name in names)


def _listed(value: Any, *, within: bool = False) -> Iterator[str]:
    """The texts in the lists of a record: what is below it."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _listed(inner, within=within)
    elif isinstance(value, list):
        for inner in value:
            yield from _listed(inner, within=True)
    elif within and isinstance(value, str):
        yield value


async def with_inherited(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The record with the amounts that count where it has none of its own, and which those are; and those
    that will count where the call takes its own away.
    """
    amounts, names, then, sets = dict[str, Any](), list[str](), dict[str, Any](), call.sets()
    for name, (path, entity, amount) in call.inherits.items():
        own, above_id = live_path(type(call), name), str(dig(record, path) or "")
        clears = sets.get(type(call).model_fields[name].alias or name, name) is None
        takes = getattr(call, name) is not None and dig(record, own) is None
        if not above_id or not (clears or takes):
            continue
        with contextlib.suppress(ApiError):
            above = await objects.fetch(asked.session, entity, above_id, account, [amount], asked.params)
            if clears:
                then[name] = dig(asked.standing(above, above_id), amount)
            else:
                amounts[own] = dig(asked.standing(above, above_id), amount)
                names.append(name)
    noted = {effects.INHERITED: names, effects.THEN: then}
    return {**record, **amounts, **noted} if amounts or then else record
