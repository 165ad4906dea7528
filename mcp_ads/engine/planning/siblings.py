"""What is there already and like what a create would make: read once for all that stand beside each other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mcp_ads.core import Account, Write
from mcp_ads.core.view import ListView
from mcp_ads.engine.changes.references import places
from mcp_ads.engine.changes.values import same
from mcp_ads.engine.session.objects import id_names
from mcp_ads.engine.wire.gathering import gathering
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import ApiError

from .asked import Asked

MOST = 5000


async def alike(asked: Asked, call: Write, account: Account | None) -> tuple[str, Mapping[str, Any]]:
    """The id and the record of the one that is there already; empty where there is none, or nobody can tell.

    What cannot be told is noted for the person who approves.
    """
    params = call.siblings()
    if not params or any(places("", params)):
        return "", {}
    read, reads = partial(_listed, asked, account), gathering()
    key = (asked.session.whose, asked.entity, json.dumps(params))
    records, why = await reads.ask(key, key, 1, params, read) if reads else (await read([params]))[0]
    sets, plain = call.sets(), asked.session.connector.plain_id
    for record in records:
        if all(same(plain(str(record.get(name))), plain(str(sets.get(name)))) for name in call.unlike):
            return plain(next(str(record[name]) for name in _ids(asked) if record.get(name))), record
    if why:
        asked.notes.append(f"whether it is there already is not known: {why}")
    return "", {}


def _ids(asked: Asked) -> tuple[str, ...]:
    """Where a record has its id."""
    return id_names(asked.session.connector.action(asked.entity, "get").subject)


async def _listed(
    asked: Asked, account: Account | None, wanted: Sequence[Mapping[str, Any]]
) -> list[tuple[list[Any], str]]:
    """Read the one list that is wanted: its records, and why there may be more of them."""
    kind = asked.session.connector.action(asked.entity, "list")
    (params,) = wanted
    fields = [*asked.kind.unlike, *asked.kind.states.fields, _ids(asked)[0]]
    call, view = kind.model_validate({**params, "fields": fields}), ListView.model_construct(limit=MOST)
    try:
        collected = await collect(asked.session, call, view, account, Place())
    except ApiError as error:
        return [([], f"the list cannot be read now ({error.lines[0]})")]
    cut = collected.warnings or collected.after is not None
    return [(collected.records, "the list could not be read to its end" if cut else "")]
