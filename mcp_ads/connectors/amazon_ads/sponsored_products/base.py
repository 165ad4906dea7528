"""What the Sponsored Products entities share: their four routes, and writes of one item a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.routes import Routes, routes_at
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, Archive
from mcp_ads.core.beside import Likeness, Record

from . import raises, rules

LIFTS = ("sponsored_product_budget_rules", "campaign_id")
"""What raises a campaign's daily budget for some time."""


def routes(path: str, media: str) -> Routes:
    """The routes below a path, all under one media type, such as spCampaign."""
    return routes_at(f"/sp/{path}", f"{media}.v3")


class SpWrite(AmazonWrite):
    """Sends one item, so that its 207 is about nothing else.

    `key` is the array the item stands in, `answered` what answers and filters call the id where records call
    it otherwise, `archived_by` the filter of its archiving where that has a name of its own, `found_by` the
    parameters of the list that finds what a create made, `place` the one that names what it stands in.
    """

    key: ClassVar[str]
    answered: ClassVar[str] = ""
    archived_by: ClassVar[str] = ""
    found_by: ClassVar[tuple[str, ...]] = ()
    place: ClassVar[str] = "ad_group_id"
    parent_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "state",
        "campaignId",
        "targetingType",
        "budget",
        "endDate",
    )
    lifts = LIFTS

    def peak(self, daily: Decimal, lifts: Iterable[Mapping[str, Any]], currency: str) -> Decimal:
        return raises.raised(daily, raises.at_most(lifts, raises.yesterday()), currency)

    def to_body(self) -> Mapping[str, Any]:
        return {self.key: [self.item()]}

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        return tuple(
            rules.alike(cls.name_in(record) if name == cls.name_at else str(record.get(name)))
            for name in cls.unlike
        )

    def siblings(self) -> Mapping[str, Any]:
        own = {"profile_id": self.profile_id, self.place: [getattr(self, self.place)]} if self.unlike else {}
        return own and own | {"state": LIVE_STATES}

    def lookup(self) -> Mapping[str, Any]:
        """By the whole name, since a part of it would find others first; and never what is archived."""
        if not self.found_by:
            return {}
        found: dict[str, Any] = {name: getattr(self, name) for name in self.found_by}
        for name, value in found.items():
            exact = {"include": [value], "queryTermMatchType": "EXACT_MATCH"}
            found[name] = [value] if name.endswith(("_id", "_type")) else exact
        return {"profile_id": self.profile_id, **found, "state": LIVE_STATES}

    def doubt(self, answer: Any) -> str:
        """What was done stands in the list of successes, with its id."""
        name = self.answered or (self.new_id_at if self.does == "makes" else to_camel(self.subject))
        done = answer.get(name) if isinstance(answer, dict) else None
        if not (isinstance(done, str) and done):
            return "it is not in the list of what was done"
        return "" if not self.subject or done == getattr(self, self.subject) else "another id"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from rules.parents(parents)


class SpArchive(Archive, SpWrite):
    """Archived by a filter that names one object."""

    def to_body(self) -> Mapping[str, Any]:
        name = self.archived_by or f"{self.answered or to_camel(self.subject)}Filter"
        return {name: {"include": [getattr(self, self.subject)]}}
