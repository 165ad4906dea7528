"""What the writes of all families share: archived is for good, "none" clears, amounts have ranges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator
from pydantic.alias_generators import to_camel

from mcp_ads.core import Action, Context, Delete, Write
from mcp_ads.core.bid_to import BidRange
from mcp_ads.core.marks import is_found
from mcp_ads.errors import InvalidParams

from .ranges import BIDS, BUDGETS, Ranges, out_of_range, range_in
from .states import STATES
from .types import NONE, SHORT, Amazon, Json

NO_TAGS = 'tags: there are none to take away; give some, such as {"season": "spring"}'
ARCHIVED_FOR_GOOD = "Amazon never changes archived objects again"


class AmazonWrite(Amazon, Write):
    """A write of one object. What is `cleared` is sent as null; `bids`, `daily` and `lifetime` are the ranges
    Amazon publishes, `named` the parameters that say which object it is.
    """

    watch: ClassVar[tuple[str, ...]] = ("name", "state")
    bids: ClassVar[Ranges] = BIDS
    daily: ClassVar[Ranges] = BUDGETS
    lifetime: ClassVar[Ranges] = {}
    named: ClassVar[tuple[str, ...]] = ()
    aliases = SHORT
    final: ClassVar[Mapping[str, str]] = {"ARCHIVED": ARCHIVED_FOR_GOOD}
    states = STATES
    made_at: ClassVar[tuple[str, ...]] = ("extendedData.creationDateTime", "creationDate")

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.does == "changes" and not self.sets():
            fields = {name: field for name, field in type(self).model_fields.items() if not is_found(field)}
            others = [name for name in fields if name not in ("profile_id", self.subject, *self.named)]
            raise ValueError(f"nothing to change: give {', '.join(others)}")
        return self

    def item(self) -> Json:
        """The object with its id, by the names and in the words of its record. Something new has nothing that
        could be cleared.
        """
        sent = self.sent()
        gone = {name for name in self.cleared if sent.get(name) == NONE}
        new = self.does == "makes"
        return {
            name: None if name in gone else value
            for name, value in sent.items()
            if not (new and name in gone)
        }

    def sets(self) -> Json:
        own = to_camel(self.subject)
        return {name: value for name, value in self.item().items() if name != own}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        if live.get("state") == "ARCHIVED":
            return "it is ARCHIVED: Amazon never changes archived objects"
        return NO_TAGS if self.sets().get("tags") == {} and not live.get("tags") else ""

    def bid_range(self, live: Mapping[str, Any], currency: str) -> BidRange:  # noqa: ARG002
        return range_in(self.bids, currency)

    @classmethod
    def ruled(cls, record: Mapping[str, Any]) -> str:
        rule = record.get(cls.ruled_at)
        if not (isinstance(rule, Mapping) and rule.get("applicableRuleId")):
            return ""
        name = json.dumps(rule.get("applicableRuleName"), ensure_ascii=False)
        return f"budget rule {name} changes the campaign's daily budget on some days"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from out_of_range(self, {"bid": self.bids, "day": self.daily, "lifetime": self.lifetime})


class Pause(AmazonWrite):
    """Switches an object off."""

    state: Literal["PAUSED"] = "PAUSED"


class Activate(AmazonWrite):
    """Switches an object on; it spends if what it is in is on too."""

    state: Literal["ENABLED"] = "ENABLED"


class Archive(AmazonWrite, Delete):
    """Amazon deletes nothing: an archived object stays readable and never changes again."""

    irreversible = ARCHIVED_FOR_GOOD

    def sets(self) -> Json:
        return {"state": "ARCHIVED"}


def refuse_past(call: Action, context: Context, *names: str) -> None:
    """Raise InvalidParams for days that are over in the profile's time zone."""
    for name in names:
        if (day := getattr(call, name)) and day < context.today.isoformat():
            raise InvalidParams(f"{name}: {day} is in the past; today is {context.today}")


def out_of_order(start: str | None, end: str | None) -> Iterable[str]:
    """An end before the start."""
    if start and end and end < start:
        yield f"end_date: {end} is before start_date {start}"
