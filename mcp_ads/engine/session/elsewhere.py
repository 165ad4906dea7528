"""An id that none of an entity's objects has: whether it is one of those that are taken for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pydantic.alias_generators import to_camel

from mcp_ads.core import Account, Action, Write
from mcp_ads.core.validate import snake
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, NotFound

from .objects import fetch

if TYPE_CHECKING:
    from .session import Session

MOST_ASKED = 20
"""So many of the ids of one call are looked for elsewhere: somebody who mixes them up has them all from one
place.
"""

MOST_PARENTS = 3
"""So many of the parents of a list that shows nothing."""
MAKING = ("create", "update")
"""The actions that say what an object is made in."""


async def elsewhere(
    session: Session, entity: str, action: str, object_id: str, account: Account | None
) -> str:
    """What the object is, and the call about it; "" where nothing that is likely has the id.

    Each of the other entities is asked for it once; what cannot be read now says nothing.
    """
    alike = next((named for named in session.connector.taken_for if entity in named), {})
    others = [name for name in alike if name != entity]
    there = await asyncio.gather(*(_has(session, name, object_id, account) for name in others))
    calls = [
        f"{alike[name]}: {name}.{action if action in session.connector.entity(name).actions else 'get'}"
        for name, has in zip(others, there, strict=True)
        if has
    ]
    return " or ".join(calls)


async def parents_lacking(
    session: Session, entity: str, call: Action, account: Account | None, *, refused: bool = False
) -> list[str]:
    """Why a list that is asked for by its parents shows nothing: those that are not there, and what else has
    their ids; that alone where the platform `refused` it, and said the other itself. It also does for an id
    that is part of the address.
    """
    own = _parents_of(session, entity)
    parents = {
        **{name: of for above in own.values() for name, of in _parents_of(session, above).items()},
        **own,
    }
    given = {name: getattr(call, name, None) for name in parents}
    lists = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
    ids = [(name, str(id_)) for name, value in lists.items() if isinstance(value, list) for id_ in value]
    apart = [(name, id_) for name, id_ in ids if id_ not in call.to_request().path][:MOST_PARENTS]
    with gathered():
        lost = await asyncio.gather(*(_lacking(session, parents[name], id_, account) for name, id_ in apart))
    return [
        f"{name}: {id_} is {told}" if told else f"{name}: {error}"
        for (name, id_), (error, told) in zip(apart, lost, strict=True)
        if told or (error and not refused)
    ]


async def _lacking(session: Session, entity: str, id_: str, account: Account | None) -> tuple[str, str]:
    """Why no object of the entity has an id, and what else has it; empty where one has, or nobody knows."""
    try:
        await fetch(session, entity, id_, account, _id_field(session, entity))
    except NotFound as error:
        return str(error), await elsewhere(session, entity, "get", id_, account)
    except AdsError:
        pass
    return "", ""


def _parents_of(session: Session, entity: str) -> dict[str, str]:
    """The parameters that name what an entity's objects are in -> the entities of these."""
    actions = session.connector.entity(entity).actions
    kinds = [kind for name in MAKING if (kind := actions.get(name)) and issubclass(kind, Write)]
    paid = {snake(path): above for kind in kinds for path, above in kind.paid_by.items()}
    return paid | {name: above for kind in kinds for name, above in kind.parents.items()}


async def placed(
    session: Session,
    of: tuple[str, str],
    error: NotFound,
    named: tuple[str, Any],
    account: Account | None,
) -> NotFound:
    """The error, which says what the object that a parameter names is instead, where that is known.

    `of` are the entity and the action that were asked.
    """
    param, object_id = named
    if isinstance(object_id, str) and (told := await elsewhere(session, *of, object_id, account)):
        error.args, error.fix, error.platform_text = (f"{param}: {object_id} is {told}",), "", ""
    return error


async def placed_rows(
    session: Session,
    of: tuple[str, str],
    errors: list[dict[str, Any]],
    named: tuple[str, Any],
    account: Account | None,
) -> list[dict[str, Any]]:
    """Errors of a list of ids, those of objects that are not there as `placed` has them."""
    param, ids = named
    gone = [row for row in errors if row["code"] == NotFound.__name__] if isinstance(ids, list) else []
    lost = {str(ids[row["index"]]): row for row in gone[:MOST_ASKED]}
    with gathered():
        told = await asyncio.gather(*(elsewhere(session, *of, id_, account) for id_ in lost))
    for id_, said in zip(lost, told, strict=True):
        lost[id_].update({"message": f"{param}: {id_} is {said}", "fix": ""} if said else {})
    return errors


async def _has(session: Session, entity: str, object_id: str, account: Account | None) -> bool:
    try:
        await fetch(session, entity, object_id, account, _id_field(session, entity))
    except AdsError:
        return False
    return True


def _id_field(session: Session, entity: str) -> list[str]:
    """The one field that tells whether an object is there."""
    return [to_camel(session.connector.action(entity, "get").subject)]
