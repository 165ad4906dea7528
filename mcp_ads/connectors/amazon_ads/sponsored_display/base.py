"""How Sponsored Display spells: bare arrays, numbers as ids, states in lower case, days as 20261130.

Towards people it reads like the other families: records are put into their words, and items out of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.lists import StatedList
from mcp_ads.connectors.amazon_ads.ranges import DISPLAY_BUDGETS, Ranges
from mcp_ads.connectors.amazon_ads.spelling import in_words, out_of_words
from mcp_ads.connectors.amazon_ads.sponsored_products import rules
from mcp_ads.connectors.amazon_ads.types import (
    LIVE_STATES,
    MOST_IDS,
    STATES,
    AmazonRead,
    Id,
    Json,
    ListedState,
)
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, Archive
from mcp_ads.core import Account, Context, Flow, Offset, Request, Result, Several
from mcp_ads.core.beside import Likeness, Record
from mcp_ads.core.own_records import own_records
from mcp_ads.core.record_fields import ALL
from mcp_ads.errors import ApiError, NotFound, PlatformDown

PAGES = Offset("startIndex", "count", rows="", most=100)
EXTENDED = ("servingStatus", "creationDate", "lastUpdatedDate")
CAMPAIGNS, AD_GROUPS = "sponsored_display_campaigns", "sponsored_display_ad_groups"
PAID_BY_CAMPAIGN = {"campaignId": CAMPAIGNS}
"""Ad groups and what is in them spend their campaign's budget."""


def _spelt(states: list[str]) -> str:
    """The filter knows lists of states in one order only, with a blank after each comma."""
    return ", ".join(state.lower() for state in STATES if state in states)


IdList = Annotated[list[Id], BeforeValidator(listed), Field(min_length=1, max_length=MOST_IDS)]
CampaignIds = Annotated[IdList | None, Field(alias="campaignIdFilter")]
AdGroupIds = Annotated[IdList | None, Field(alias="adGroupIdFilter")]
WholeName = Annotated[str | None, Field(min_length=1, description="The whole name.")]
DisplayStates = Annotated[
    Annotated[list[ListedState], BeforeValidator(listed), PlainSerializer(_spelt), Field(min_length=1)],
    Field(alias="stateFilter", description="Add ARCHIVED to see those too; by ids every state is."),
]


class DisplayRead(AmazonRead):
    """Serving states and times are on an extended list, which counts five-fold: asked for when shown."""

    def to_path(self) -> str:
        extended = self.fields in ALL or any(name in EXTENDED for name in self.columns())
        return super().to_path() + ("/extended" if extended else "")

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return in_words(record)


class DisplayList(StatedList, DisplayRead):
    """Enabled and paused objects unless the call says otherwise or names what it wants by id."""

    state: DisplayStates = ["ENABLED", "PAUSED"]

    pages = PAGES


class DisplayGet(DisplayRead):
    """Reads one object by its path, and several by a filter of the list where it has one for ids.

    `filtered` says whether it has; where not, each is read by its path.
    """

    many: ClassVar[bool] = True
    filtered: ClassVar[bool] = True

    def to_request(self) -> Request:
        ids, headers = getattr(self, self.subject), self.to_headers()
        if isinstance(ids, str):
            return Request("GET", f"{self.to_path()}/{ids}", headers=headers)
        query = {f"{to_camel(self.subject)}Filter": ids, "startIndex": 0, "count": len(ids)}
        return Request("GET", self.to_path(), query, headers=headers)

    def flow(self, context: Context) -> Flow:
        ids = getattr(self, self.subject)
        if isinstance(ids, str):
            return Result(self._row((yield self.to_request()), context))
        answers = (yield self.to_request()) if self.filtered else (yield Several([*map(self._of_one, ids)]))
        if not isinstance(answers, list):
            raise PlatformDown("the answer is no list of Sponsored Display")
        if failed := [one for one in answers if isinstance(one, ApiError) and not isinstance(one, NotFound)]:
            raise failed[0]
        there = [one for one in answers if not isinstance(one, NotFound)]
        rows = [self._row(one, context) for one in own_records(there, self.subject, ids, str)]
        found = {row.get(to_camel(self.subject)): row for row in rows}
        fix = ITEM_FIXES["NOT_FOUND"]
        lost = [
            {"index": at, "code": "NotFound", "message": f"{self.subject}: no object {one}", "fix": fix}
            for at, one in enumerate(ids)
            if one not in found
        ]
        return Result([found[one] for one in ids if one in found], errors=lost)

    def _of_one(self, id_: str) -> Request:
        return self.model_copy(update={self.subject: id_}).to_request()

    def _row(self, record: Any, context: Context) -> Json:
        if not isinstance(record, dict):
            raise PlatformDown("the answer is no object of Sponsored Display")
        return self.to_row(record, context.account)


class DisplayWrite(AmazonWrite):
    """Sends an array of one item, so that its 207 is about nothing else.

    `found_by` are the parameters of the list that finds what a create made, `place` the one that names what
    it stands in.
    """

    found_by: ClassVar[tuple[str, ...]] = ()
    place: ClassVar[str] = "ad_group_id"
    parent_fields: ClassVar[tuple[str, ...]] = (
        "name", "state", "campaignId", "tactic", "costType", "budget", "endDate",
    )  # fmt: skip
    daily = DISPLAY_BUDGETS
    bids: ClassVar[Ranges] = {}

    def to_body(self) -> list[Any] | None:
        return [out_of_words(self.item())]

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        """By names without regard to case, as the record has them or a call sets them."""
        return tuple(
            rules.alike(cls.name_in(record) if name == cls.name_at else str(record.get(name)))
            for name in cls.unlike
        )

    def siblings(self) -> Mapping[str, Any]:
        own = {"profile_id": self.profile_id, self.place: [getattr(self, self.place)]} if self.unlike else {}
        return own and own | {"state": LIVE_STATES}

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:
        """One like it that stands there, with its state in the words of people."""
        own = {} if entity in self.neighbours() else there.get(self.likeness(self.sets()), {})
        return (own, f"already there, {str(own.get('state')).upper()}") if own else ({}, "")

    def lookup(self) -> Mapping[str, Any]:
        """By ids and the whole name; never what is archived."""
        found = {name: getattr(self, name) for name in self.found_by}
        named = {name: [value] if name.endswith("_id") else value for name, value in found.items()}
        return named and {"profile_id": self.profile_id, **named, "state": LIVE_STATES}

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from rules.parents(parents)

    def doubt(self, answer: Any) -> str:
        """What was done is said to be a SUCCESS, with its id."""
        name = self.new_id_at if self.does == "makes" else to_camel(self.subject)
        done = str(answer.get(name)) if isinstance(answer, dict) else ""
        if self.does == "makes":
            return "" if done.isdecimal() else "it names nothing new"
        return "" if done == getattr(self, self.subject) else "it does not name this object"


class DisplayArchive(Archive, DisplayWrite):
    """Archived at the object's own path."""

    def to_body(self) -> None:
        """The path names the object."""
