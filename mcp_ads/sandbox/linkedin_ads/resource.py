"""A resource under /rest: its path, its keys, and what runs for each Rest.li method of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .params import Convert, Params
from .state import Answer, Call

NONE = Params()


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
