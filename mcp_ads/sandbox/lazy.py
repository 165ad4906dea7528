"""Objects that are made when they are asked for, and not kept: how the store comes by them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]
HELD = 12_000
"""How many made objects are held, of the lists that were asked for last: some 15 MB."""
NEW = 10**9
"""Where the order of creation begins for objects that are made by callers."""


@dataclass(frozen=True)
class Source:
    """Where the objects of a kind come from.

    `field` is what each of them says its owner by, `owners` are the owners there are. `rows` makes all
    objects of an owner by their ids, in the order of creation, which each says by the number `_n`. `one`
    makes a single object by its id, and must say what `rows` says. `began` is the day the world began: lists
    of another are not used. `owner_of` is the owner of objects with this value in another field, where ids
    tell it: an ad's `campaign_id`. It answers None where it cannot say, and no made object is then found.
    """

    field: str
    owners: Callable[[], Sequence[str]]
    rows: Callable[[str], Iterable[tuple[str, Body]]]
    one: Callable[[str], Body | None]
    began: Callable[[], int]
    owner_of: Callable[[str, Any], str | None] = lambda _field, _value: None


class Made:
    """The sources by kind, and the lists that were made last."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self._lists: OrderedDict[tuple[str, str, int], dict[str, Body]] = OrderedDict()
        self._count = 0

    def get(self, kind: str, id: str) -> Body | None:
        """An object as it was made; None where the kind has none of that id."""
        source = self.sources.get(kind)
        return source.one(id) if source else None

    def owned(self, kind: str, field: str, value: Any) -> dict[str, Body]:
        """The objects that may have this value in that field, by id: of the one owner it tells."""
        source = self.sources[kind]
        owner = str(value) if field == source.field else source.owner_of(field, value)
        return self.list(kind, owner) if owner in source.owners() else {}

    def list(self, kind: str, owner: str | None) -> dict[str, Body]:
        """All objects of an owner by id, in order."""
        source = self.sources[kind]
        key = (kind, str(owner), source.began())
        if key not in self._lists:
            self._lists[key] = dict(source.rows(key[1]))
            self._count += len(self._lists[key])
            while self._count > HELD and len(self._lists) > 1:
                self._count -= len(self._lists.popitem(last=False)[1])
        self._lists.move_to_end(key)
        return self._lists[key]

    def every(self, kind: str) -> dict[str, Body]:
        """All objects of a kind, owner by owner; made for this call alone."""
        source = self.sources[kind]
        return dict(row for owner in source.owners() for row in source.rows(owner))
