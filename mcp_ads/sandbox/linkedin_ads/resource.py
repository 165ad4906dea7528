"""A resource under /rest: its path, its keys, and what runs for each Rest.li method of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .collection import Collection
from .params import Convert, Params, listed, text
from .state import Answer, Call

NONE = Params()
FIELDS = Params({"fields": text})


@dataclass(frozen=True)
class Method:
    """What one Rest.li method of a resource runs, and the query parameters it knows."""

    run: Callable[[Call], Answer]
    params: Params = NONE


@dataclass(frozen=True)
class Resource:
    """A path, the kind of its keys, and its methods: GET, CREATE, "FINDER search", "ACTION name"…

    `strict` are the methods that need X-RestLi-Method although it could be told without.
    """

    path: str
    key: Convert
    methods: Mapping[str, Method]
    strict: tuple[str, ...] = ()


def reads(run: Any, key: Convert) -> dict[str, Method]:
    return {
        "GET": Method(run.get, FIELDS),
        "BATCH_GET": Method(run.batch_get, Params({"ids": listed(key), "fields": text})),
    }


def everything(run: Collection, key: Convert) -> dict[str, Method]:
    batch = Params({"ids": listed(key)})
    return {
        **reads(run, key),
        "CREATE": Method(run.create),
        "BATCH_CREATE": Method(run.batch_create),
        "PARTIAL_UPDATE": Method(run.partial_update),
        "BATCH_PARTIAL_UPDATE": Method(run.batch_partial_update, batch),
        "DELETE": Method(run.delete),
        "BATCH_DELETE": Method(run.batch_delete, batch),
    }
