"""What the writes of the Sponsored Products entities share: one item a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from pydantic import model_validator
from pydantic.alias_generators import to_camel

from mcp_ads.core import Delete, Write

from . import rules
from .types import LIVE_STATES, NONE, SHORT, Amazon, Json

ARCHIVED_FOR_GOOD = "Amazon never changes archived objects again"


class SpWrite(Amazon, Write):
    """Sends one item, so that its 207 is about nothing else.

    `key` is the array the item stands in, `found_by` the parameters of the list that finds what a create
    made. What is `cleared` is sent as null.
    """

    key: ClassVar[str]
    found_by: ClassVar[tuple[str, ...]] = ()
    watch: ClassVar[tuple[str, ...]] = ("name", "state")
    parent_fields = ("name", "state", "campaignId", "targetingType", "budget")
    also = SHORT
    final: ClassVar[Mapping[str, str]] = {"ARCHIVED": ARCHIVED_FOR_GOOD}

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.does == "changes" and not self.sets():
            others = [name for name in type(self).model_fields if name not in ("profile_id", self.subject)]
            raise ValueError(f"nothing to change: give {', '.join(others)}")
        return self

    def to_body(self) -> Mapping[str, Any]:
        return {self.key: [self.item()]}

    def item(self) -> Json:
        """The object as the platform takes it."""
        return {name: None if self._clears(name, value) else value for name, value in self.sent().items()}

    def sets(self) -> Json:
        own = to_camel(self.subject)
        return {name: value for name, value in self.item().items() if name != own}

    def lookup(self) -> Mapping[str, Any]:
        """By the whole name, since a part of it would find others first; and never what is archived."""
        if not self.found_by:
            return {}
        found = {name: getattr(self, name) for name in ("profile_id", *self.found_by)}
        if "name" in found:
            found["name"] = {"include": [found["name"]], "queryTermMatchType": "EXACT_MATCH"}
        return {**found, "state": LIVE_STATES}

    def doubt(self, answer: Any) -> str:
        """What was done stands in the list of successes, with its id."""
        name = self.made if self.does == "makes" else to_camel(self.subject)
        done = answer.get(name) if isinstance(answer, dict) else None
        if not (isinstance(done, str) and done):
            return "it is not in the list of what was done"
        return "" if not self.subject or done == getattr(self, self.subject) else "another id"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from rules.parents(parents)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return (
            "it is ARCHIVED: Amazon never changes archived objects" if live.get("state") == "ARCHIVED" else ""
        )

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.out_of_range(self)

    def _clears(self, name: str, value: Any) -> bool:
        return value == NONE and name in self.cleared


class SpArchive(SpWrite, Delete):
    """Amazon deletes nothing: an archived object stays readable and never changes again."""

    irreversible = ARCHIVED_FOR_GOOD

    def to_body(self) -> Mapping[str, Any]:
        return {f"{to_camel(self.subject)}Filter": {"include": [getattr(self, self.subject)]}}

    def sets(self) -> Json:
        return {"state": "ARCHIVED"}
