"""How Sponsored Display spells: bare arrays, numbers as ids, states in lower case, days as 20261130.

Towards people it reads like the other families: records are put into their words, and items out of them.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.lists import StatedList
from mcp_ads.connectors.amazon_ads.ranges import DISPLAY_BUDGETS
from mcp_ads.connectors.amazon_ads.spelling import in_words, out_of_words
from mcp_ads.connectors.amazon_ads.types import MOST_IDS, STATES, AmazonRead, Id, Json, ListedState
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, Archive
from mcp_ads.core import Account, Context, Flow, Offset, Request, Result
from mcp_ads.core.record_fields import ALL
from mcp_ads.errors import PlatformDown

PAGES = Offset("startIndex", "count", rows="", most=100)
EXTENDED = ("servingStatus", "creationDate", "lastUpdatedDate")


def _spelt(states: list[str]) -> str:
    """The filter knows lists of states in one order only, with a blank after each comma."""
    return ", ".join(state.lower() for state in STATES if state in states)


IdList = Annotated[list[Id], BeforeValidator(listed), Field(min_length=1, max_length=MOST_IDS)]
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
    """Reads one object by its path, several by a filter of the list."""

    many: ClassVar[bool] = True

    def to_request(self) -> Request:
        ids, path, headers = getattr(self, self.subject), self.to_path(), self.to_headers()
        if isinstance(ids, str):
            return Request("GET", f"{path}/{ids}", headers=headers)
        query = {f"{to_camel(self.subject)}Filter": ids, "startIndex": 0, "count": len(ids)}
        return Request("GET", path, query, headers=headers)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        answer, ids = (yield self.to_request()), getattr(self, self.subject)
        rows = [answer] if isinstance(ids, str) else answer
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise PlatformDown("the answer is no object of Sponsored Display")
        if isinstance(ids, str):
            return Result(in_words(answer))
        found = {str(row.get(to_camel(self.subject))): in_words(row) for row in rows}
        fix = ITEM_FIXES["NOT_FOUND"]
        lost = [
            {"index": at, "code": "NotFound", "message": f"{self.subject}: no object {one}", "fix": fix}
            for at, one in enumerate(ids)
            if one not in found
        ]
        return Result([found[one] for one in ids if one in found], errors=lost)


class DisplayWrite(AmazonWrite):
    """Sends an array of one item, so that its 207 is about nothing else."""

    daily = DISPLAY_BUDGETS

    def to_body(self) -> list[Any] | None:
        return [out_of_words(self.item())]

    def doubt(self, answer: Any) -> str:
        """What was done is said to be a SUCCESS, with its id."""
        done = str(answer.get(to_camel(self.subject))) if isinstance(answer, dict) else ""
        return "" if done == getattr(self, self.subject) else "it does not name this object"


class DisplayArchive(Archive, DisplayWrite):
    """Archived at the object's own path."""

    def to_body(self) -> None:
        """The path names the object."""
