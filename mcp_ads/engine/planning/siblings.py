"""What a create stands beside: what is there already, what it hits; read once for all items of a place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mcp_ads.core import Account, Write
from mcp_ads.core.beside import Likeness, Record
from mcp_ads.core.view import ListView
from mcp_ads.engine.changes.references import places
from mcp_ads.engine.session.objects import id_names
from mcp_ads.engine.wire.gathering import gathering
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import ApiError

from .asked import Asked

MOST = 5000


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
        own = there.alike.get(call.likeness(call.sets())) if entity == asked.entity else None
        state = " ".join(str(own.get(name)) for name in asked.kind.states.fields) if own else ""
        record, why = (own, f"already there, {state}") if own else call.covered(entity, there.alike)
        if record:
            return _id(asked, entity, record), why
    for entity, there in zip(lists, found, strict=True):
        if there.unknown:
            what = "it is there already" if entity == asked.entity else f"{entity} have to do with it"
            asked.notes.append(f"whether {what} is not known: {there.unknown}")
        asked.notes.extend(call.strikes(entity, there.records))
    return "", ""


def _id(asked: Asked, entity: str, record: Record) -> str:
    connector = asked.session.connector
    names = id_names(connector.action(entity, "get").subject)
    return connector.plain_id(next(str(record[name]) for name in names if record.get(name)))


async def _there(asked: Asked, entity: str, params: Mapping[str, Any], account: Account | None) -> There:
    read, reads = partial(_listed, asked, entity, account), gathering()
    key = (asked.session.whose, entity, json.dumps(params))
    found: There = await reads.ask(key, key, 1, params, read) if reads else (await read([params]))[0]
    return found


async def _listed(
    asked: Asked, entity: str, account: Account | None, wanted: Sequence[Mapping[str, Any]]
) -> list[There]:
    """Read the one list that is wanted."""
    (params,), connector = wanted, asked.session.connector
    kind, new = connector.action(entity, "list"), connector.action(entity, "create")
    assert issubclass(new, Write)
    fields = [*new.unlike, *new.states.fields, id_names(connector.action(entity, "get").subject)[0]]
    call, view = kind.model_validate({"fields": fields, **params}), ListView.model_construct(limit=MOST)
    try:
        collected = await collect(asked.session, call, view, account, Place())
    except ApiError as error:
        return [There(unknown=f"the list cannot be read now ({error.lines[0]})")]
    cut = collected.warnings or collected.after is not None
    records = [record for record in collected.records if isinstance(record, Mapping)]
    alike = {new.likeness(record): record for record in records} if new.unlike else {}
    return [There(records, alike, "the list could not be read to its end" if cut else "")]
