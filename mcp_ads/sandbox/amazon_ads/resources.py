"""What a resource of the v3 shape is: the same list, create, update and archive over different fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .fields import Fields

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
CAMPAIGNS = Filter("include", "campaignId")
AD_GROUPS = Filter("include", "adGroupId")
MATCH_TYPES = Filter("plain list", "matchType")
ASINS = Filter("text", "expression")
LOCALE = Filter("plain text", "nativeLanguageLocale")


@dataclass(frozen=True)
class Resource:
    """One resource. `id` is its id in objects and updates, `answer_id` in what a write answers.

    `own_filter` filters by id, in lists and, where `archive` is true, in deletes. `page` is the size of a
    page where the caller cannot choose it. `unique` are the fields that no two living objects share.
    """

    path: str
    media: str
    key: str
    one: str
    noun: str
    id: str
    own_filter: str
    fields: Fields
    filters: Mapping[str, Filter] = field(default_factory=dict)
    answer_id: str = ""
    unique: tuple[str, ...] = ()
    archive: bool = True
    batch: int = 1000
    page: int | None = None

    @property
    def media_type(self) -> str:
        return f"application/vnd.{self.media}.v3+json"

    @property
    def kind(self) -> str:
        return f"amazon.{self.key}"

    @property
    def written_id(self) -> str:
        return self.answer_id or self.id

    @property
    def all_filters(self) -> dict[str, Filter]:
        own = Filter("include", self.id, 1000)
        return {self.own_filter: own, "stateFilter": STATES, **self.filters}
