"""What the Sponsored Products entities share: their four routes, and writes of one item a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES, NONE, SHORT, Amazon, Json
from mcp_ads.core import POST, PUT, Delete, Route, Write

from . import rules

ARCHIVED_FOR_GOOD = "Amazon never changes archived objects again"


class Routes(NamedTuple):
    """The routes of one entity: it has no other ways to be read or changed."""

    list: Route
    create: Route
    update: Route
    archive: Route


def routes(path: str, media: str) -> Routes:
    """The routes below a path, all under one media type, such as spCampaign."""
    places = ((POST, "/list"), (POST, ""), (PUT, ""), (POST, "/delete"))
    return Routes(*(vendor(verb, f"/sp/{path}{rest}", f"{media}.v3") for verb, rest in places))


class SpWrite(Amazon, Write):
    """Sends one item, so that its 207 is about nothing else.

    `key` is the array the item stands in, `answered` what answers and filters call the id where records call
    it otherwise, `found_by` the parameters of the list that finds what a create made. What is `cleared` is
    sent as null.
    """

    key: ClassVar[str]
    answered: ClassVar[str] = ""
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
        name = self.answered or (self.made if self.does == "makes" else to_camel(self.subject))
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


class SpPause(SpWrite):
    """Switches an object off."""

    state: Literal["PAUSED"] = "PAUSED"


class SpActivate(SpWrite):
    """Switches an object on; it spends if what it is in is on too."""

    state: Literal["ENABLED"] = "ENABLED"


class SpArchive(SpWrite, Delete):
    """Amazon deletes nothing: an archived object stays readable and never changes again."""

    irreversible = ARCHIVED_FOR_GOOD

    def to_body(self) -> Mapping[str, Any]:
        name = self.answered or to_camel(self.subject)
        return {f"{name}Filter": {"include": [getattr(self, self.subject)]}}

    def sets(self) -> Json:
        return {"state": "ARCHIVED"}
