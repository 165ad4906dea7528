"""What Amazon's lists and reads by id share: which states are asked for, and what extended data costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from pydantic import model_validator

from mcp_ads.core import Request
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.record_fields import ALL

from .dialect import CURSOR
from .types import SHORT, STATES, AmazonRead, Extended, States

EXTENDED, WEIGHT = "extendedData", 5
"""Lists with it count five-fold in throttling."""


class ExtendedRead(AmazonRead):
    """A read that asks for extended data when a column is made of it: it counts five-fold in throttling."""

    include_extended_data_fields: Extended = None

    def columns(self) -> tuple[str, ...]:
        """Without the serving state when it is declined, with all extended data when that is asked for."""
        if self.fields or self.include_extended_data_fields is None:
            return super().columns()
        plain = [name for name in super().columns() if not _is_extended(name)]
        return tuple([*plain, EXTENDED] if self.include_extended_data_fields else plain)

    def to_request(self) -> Request:
        asked = super().to_request()
        return replace(asked, calls=WEIGHT) if isinstance(asked.body, dict) and _FLAG in asked.body else asked

    def to_body(self) -> Mapping[str, Any]:
        asked = any(map(_is_extended, self.columns())) or self.fields in ALL
        flag = {"includeExtendedDataFields": True} if asked else {}
        return {name: value for name, value in self.sent().items() if name != _FLAG} | flag


class StatedList(Hiding, AmazonRead):
    """A list with a `state` that leaves out what is archived, unless the call says otherwise or names ids.

    `named` are the filters by id that an object of any state passes.
    """

    aliases = {**SHORT, "state_filter": "state"}
    hidden, told_in = ("ARCHIVED",), ("state",)
    named: ClassVar[tuple[str, ...]] = ("campaign_id", "ad_group_id", "keyword_id", "ad_id")

    @model_validator(mode="before")
    @classmethod
    def _named_in_any_state(cls, given: Any) -> Any:
        """What is named by id is wanted whatever its state, and so is what belongs to it."""
        if not isinstance(given, dict) or {"state", "stateFilter"} & given.keys():
            return given
        names = {name for name in cls.named if name in cls.model_fields}
        names |= {str(cls.model_fields[name].alias) for name in names}
        return given | {"state": STATES} if any(given.get(name) for name in names) else given

    def revealed(self) -> Self:
        asked = "state" in self.model_fields_set or "state" not in type(self).model_fields
        return self if asked else self.model_copy(update={"state": STATES})

    def left_out(self) -> str:
        return "" if "state" in self.model_fields_set else "ARCHIVED ones; state names others"


class SpList(StatedList, ExtendedRead):
    """Enabled and paused objects unless the call says otherwise or names what it wants by id."""

    state: States = ["ENABLED", "PAUSED"]

    pages, total = CURSOR, "totalResults"


class SpGet(ExtendedRead):
    """A list by id: the platform has no other way to read one object."""

    many = True

    def is_whole(self, answer: Any) -> bool:
        return not answer.get("nextToken")


_FLAG = "includeExtendedDataFields"


def _is_extended(column: str) -> bool:
    return column.partition(".")[0] == EXTENDED
