"""What a create stands beside: what is there already, what it hits; read once for all items of a place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic.alias_generators import to_camel

from mcp_ads.core import Account, Amount, Write, dig
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.beside import Likeness, Record
from mcp_ads.core.money import plain
from mcp_ads.core.own_records import id_names
from mcp_ads.core.view import ListView
from mcp_ads.engine.changes.references import places
from mcp_ads.engine.wire.gathering import gathering
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import ApiError

from .asked import Asked

MOST, MOST_PLACES = 20_000, 100
"""Records of a list, and places whose records one request asks for."""


@dataclass(frozen=True)
class There:
    """The records of a list, also by their likeness, and why there may be more of them."""

    records: Sequence[Record] = ()
    alike: Mapping[Likeness, Record] = field(default_factory=dict)
    unknown: str = ""


async def needless(asked: Asked, call: Write, account: Account | None) -> tuple[str, str]:
    """The id of what makes a create needless, and why; empty where there is none, or nobody can tell.

    What cannot be told, and what the create hits, is noted for the person who approves.
    """
    lists = {asked.entity: call.siblings(), **call.neighbours()}
    lists = {entity: params for entity, params in lists.items() if params and not any(places("", params))}
    found = await asyncio.gather(*(_there(asked, *one, account) for one in lists.items()))
    for entity, there in zip(lists, found, strict=True):
        record, why = call.covered(entity, there.alike)
        if not record and entity == asked.entity:
            record = there.alike.get(call.likeness(call.sets()), {})
            states = (str(record.get(name)).upper() for name in asked.kind.states.fields)
            why = f"already there, {' '.join(states)}"
        if record:
            differs = otherwise(call, record) if entity == asked.entity else ""
            return _id(asked, entity, record), f"{why}{differs}"
    for entity, there in zip(lists, found, strict=True):
        if there.unknown:
            what = "it is there already" if entity == asked.entity else f"{entity} have to do with it"
            asked.notes.append(f"whether {what} is not known: {there.unknown}")
        asked.notes.extend(call.strikes(entity, there.records))
    return "", ""


def otherwise(call: Write, there: Record) -> str:
    """That what is there has other amounts than are asked for, and what sets them; empty when it has not."""
    told = []
    for name, spend in money_of(type(call)).items():
        amount, standing = getattr(call, name), dig(there, live_path(type(call), name))
        if not isinstance(amount, Amount) or amount.relative or standing is None:
            continue
        now = spend.major(standing, amount.currency)
        if now is not None and now != amount.number:
            told.append(f"{name} {plain(now, amount.currency)}, not {amount}")
    return f" with {', '.join(told)}: update sets it" if told else ""


def _id(asked: Asked, entity: str, record: Record) -> str:
    connector = asked.session.connector
    names = id_names(connector.action(entity, "get").subject)
    return connector.plain_id(next(str(record[name]) for name in names if record.get(name)))


async def _there(asked: Asked, entity: str, params: Mapping[str, Any], account: Account | None) -> There:
    """What a list has for these parameters; those that differ only in the place are asked for together."""
    place = next((name for name, value in params.items() if name.endswith("_id") and _is_one(value)), "")
    rest, reads = {name: value for name, value in params.items() if name != place}, gathering()
    wanted = str(params[place][0]) if place else ""
    read = partial(_listed, asked, entity, account, rest, place)
    group = (asked.session.whose, entity, place, json.dumps(rest))
    if reads is None:
        return (await read([wanted]))[0]
    found: There = await reads.ask((*group, wanted), group, MOST_PLACES, wanted, read)
    return found


def _is_one(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1


async def _listed(
    asked: Asked,
    entity: str,
    account: Account | None,
    params: Mapping[str, Any],
    place: str,
    wanted: Sequence[str],
) -> list[There]:
    """Read one list of several places, and what of it is in each."""
    connector, where = asked.session.connector, to_camel(place)
    kind, new = connector.action(entity, "list"), connector.action(entity, "create")
    assert issubclass(new, Write)
    own = id_names(connector.action(entity, "get").subject)[0]
    amounts = [live_path(new, name) for name in money_of(new)]
    fields = [
        *new.unlike,
        *new.states.fields,
        *amounts,
        own,
        *params.get("fields", ()),
        *([where] if place else ()),
    ]
    ids = {place: list(wanted)} if place else {}
    call = kind.model_validate({**params, **ids, "fields": list(dict.fromkeys(fields))})
    try:
        collected = await collect(asked.session, call, ListView.model_construct(limit=MOST), account, Place())
    except ApiError as error:
        return [There(unknown=f"the list cannot be read now ({error.lines[0]})")] * len(wanted)
    unknown = "the list could not be read to its end" if collected.warnings or collected.after else ""
    in_place: dict[str, list[Record]] = {one: [] for one in wanted}
    for record in collected.records:
        if isinstance(record, Mapping):
            in_place.get(str(record.get(where)) if place else "", []).append(record)
    return [There(found, _by_likeness(new, found), unknown) for found in in_place.values()]


def _by_likeness(kind: type[Write], records: Sequence[Record]) -> Mapping[Likeness, Record]:
    return {kind.likeness(record): record for record in records} if kind.unlike else {}
