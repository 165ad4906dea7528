"""What a resource is: fields, filters and rules over which list, create, update and archive are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .calls import Body, Call
from .errors import Problem
from .fields import Fields, Verb

Shape = Literal["include", "text", "plain list", "plain text"]


@dataclass(frozen=True)
class Filter:
    """A filter of a list: how it is written, and which field of the object it looks at."""

    shape: Shape
    of: str
    most: int = 100
    match_needed: bool = False


STATES = Filter("include", "state", 10)
NAMES = Filter("text", "name")


@dataclass(frozen=True)
class Draft:
    """An item as sent, and the object it is to change (None: it is to be created)."""

    call: Call
    resource: Resource
    verb: Verb
    at: str
    item: Body
    old: Body | None

    @property
    def new(self) -> Body:
        return {**(self.old or {}), **self.item}

    def parent(self, name: str) -> Body | None:
        """The profile's object that the field `name` is the id of."""
        found = self.call.store.get(self.resource.parents.get(name, ""), str(self.new.get(name) or ""))
        return found if found and found["_profile"] == self.call.profile_id else None

    def problem(self, kind: str, reason: str, text: str, field: str = "", trigger: Any = None) -> Problem:
        return Problem(kind, reason, text, f"{self.at}.{field}" if field else self.at, trigger)


Rule = Callable[[Draft], Iterator[Problem]]


def as_sent(draft: Draft) -> Body:
    """The object to keep, where the platform adds nothing of its own."""
    return draft.new


@dataclass(frozen=True)
class Resource:
    """One resource. `id` is its id in objects and updates, `answer_id` in what a write answers.

    `own_filter` filters by id, in lists and, where `archive` is true, in deletes; it is
    usually called after the id. `page` is the size of a
    page where the caller cannot choose it. `unique` are the fields that no two living objects share, those
    of the kinds `namesakes` neither; `repeated` says which profiles may repeat them. `parents` are the fields
    that name a living parent -> its kind, `below` the resources that end with it. `completed` makes the
    object to keep of what was sent, `serving` says whether it serves, `told` what lists say beside it,
    `born` what comes into being with it. `coded` says that answers have the object unasked, and codes for
    what is wrong; `spelt` is how other answers tell what is wrong with an item.
    """

    path: str
    key: str
    noun: str
    id: str
    fields: Fields
    media: str = ""
    version: int = 3
    own_filter: str = ""
    family: str = "amazon"
    filters: Mapping[str, Filter] = field(default_factory=dict)
    answer_id: str = ""
    number_ids: bool = False
    unique: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()
    repeated: Callable[[Body], bool] = lambda profile: False  # noqa: ARG005
    archive: bool = True
    archived: str = "ARCHIVED"
    batch: int = 1000
    page: int | None = None
    coded: bool = False
    parents: Mapping[str, str] = field(default_factory=dict)
    below: tuple[Resource, ...] = ()
    rules: tuple[Rule, ...] = ()
    stays: Rule | None = None
    completed: Callable[[Draft], Body] = as_sent
    serving: Callable[[Call, Body], str] = lambda call, found: ""  # noqa: ARG005
    told: Callable[[Call, Body], Body] = lambda call, found: {}  # noqa: ARG005
    born: Callable[[Call, Body], None] = lambda call, saved: None  # noqa: ARG005
    spelt: Callable[[Problem], Body] = Problem.body

    @property
    def media_type(self) -> str:
        return f"application/vnd.{self.media}.v{self.version}+json"

    @property
    def one(self) -> str:
        """What an answer calls the object, beside its id."""
        return self.key.removesuffix("s")

    @property
    def by_id(self) -> str:
        """The filter over ids."""
        return self.own_filter or f"{self.id}Filter"

    @property
    def kind(self) -> str:
        return f"{self.family}.{self.key}"

    @property
    def written_id(self) -> str:
        return self.answer_id or self.id

    @property
    def all_filters(self) -> dict[str, Filter]:
        own = Filter("include", self.id, 1000)
        return {self.by_id: own, "stateFilter": STATES, **self.filters}
