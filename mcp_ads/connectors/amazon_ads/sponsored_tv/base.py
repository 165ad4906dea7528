"""What the entities of Sponsored TV share: /st/*, media types of version 1, one item a request.

Source: Amazon's SponsoredTV.json, 26 operations; its guides to Sponsored TV.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.dialect import CURSOR
from mcp_ads.connectors.amazon_ads.filters import MATCHES, TEXT_FILTER
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.lists import EXTENDED, StatedList
from mcp_ads.connectors.amazon_ads.routes import Routes, routes_at
from mcp_ads.connectors.amazon_ads.sponsored_products import rules
from mcp_ads.connectors.amazon_ads.types import (
    LIVE_STATES,
    MOST_IDS,
    AmazonRead,
    IncludeText,
    Json,
    ObjectId,
    States,
)
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, Archive
from mcp_ads.core import Context, Flow, Result, Write
from mcp_ads.core.own_records import own_records
from mcp_ads.core.record_fields import ALL
from mcp_ads.errors import NotFound, PlatformDown

PAGES = replace(CURSOR, most=100)


def _one_if_broad(value: Any) -> Any:
    """A filter by name; raises ValueError for several parts of names, of which the guide allows one."""
    if value and value["queryTermMatchType"] == MATCHES[0] and len(value["include"]) > 1:
        raise ValueError(f"one text; several are whole names, with queryTermMatchType {MATCHES[1]}")
    return value


TvNames = Annotated[
    IncludeText | None,
    AfterValidator(_one_if_broad),
    Field(alias="nameFilter", description=f"One text. {TEXT_FILTER}"),
]
CampaignId = Annotated[ObjectId, Field(examples=["100000000000001"])]
AdGroupId = Annotated[ObjectId, Field(examples=["101000000000001"])]
CAMPAIGN = {"campaignId": "sponsored_tv_campaigns"}
"""What is in a campaign spends its budget."""
CAMPAIGNS, AD_GROUPS = "sponsored_tv_campaigns", "sponsored_tv_ad_groups"
TIMES = tuple(f"{EXTENDED}.{name}" for name in ("servingStatus", "creationDate", "lastUpdateDate"))


def routes(path: str, media: str) -> Routes:
    """The routes below a path, all under one media type, such as stCampaign."""
    return routes_at(f"/st/{path}", f"{media}.v1")


class TvRead(AmazonRead):
    """Serving states and times come where a header asks for them: sent when a column is made of them."""

    def to_headers(self) -> Mapping[str, str]:
        asked = self.fields in ALL or any(name.startswith(EXTENDED) for name in self.columns())
        return {**super().to_headers(), **({"Prefer": f"include={EXTENDED}"} if asked else {})}


class TvList(StatedList, TvRead):
    """Enabled and paused objects unless the call says otherwise or names what it wants by id."""

    state: States = ["ENABLED", "PAUSED"]

    pages = PAGES


class TvGet(TvRead):
    """A list by id, as the platform has no other way to read one; records are read in people's words."""

    many: ClassVar[bool] = True

    def flow(self, context: Context) -> Flow:
        wanted, own, found = getattr(self, self.subject), to_camel(self.subject), dict[str, Json]()
        ids, request = wanted if isinstance(wanted, list) else [wanted], self.to_request()
        for _ in range(MOST_IDS):
            answer = yield request
            rows = answer.get(self.records) if isinstance(answer, dict) else None
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise PlatformDown("the answer is no list of Sponsored TV")
            rows = own_records(rows, self.subject, ids, str)
            found |= {str(row.get(own)): self.to_row(row, context.account) for row in rows}
            token = PAGES.token(request, answer)
            if not token or found.keys() >= {*ids}:
                break
            request = PAGES.turn(request, token)
        gone = f"{self.subject}: no object {{}} of Sponsored TV in this profile"
        fix = ITEM_FIXES["NOT_FOUND"]
        lost = [
            {"index": at, "code": "NotFound", "message": gone.format(one), "fix": fix}
            for at, one in enumerate(ids)
            if one not in found
        ]
        if wanted is ids:
            return Result([found[one] for one in ids if one in found], errors=lost)
        if lost:
            raise NotFound(gone.format(wanted), fix=fix)
        return Result(found[wanted])


class TvWrite(AmazonWrite):
    """Sends one item, so that its 207 is about nothing else.

    `key` is the array the item stands in, `found_by` are the parameters of the list that finds what a create
    made. Amazon publishes no ranges of Sponsored TV's amounts.
    """

    key: ClassVar[str]
    found_by: ClassVar[tuple[str, ...]] = ()
    parent_fields: ClassVar[tuple[str, ...]] = ("name", "state", "campaignId", "budget", "endDate")
    made_at: ClassVar[tuple[str, ...]] = (f"{EXTENDED}.creationDate",)

    def wire(self) -> Json:
        """The item as the platform spells it."""
        return self.item()

    def to_body(self) -> Mapping[str, Any]:
        return {self.key: [self.wire()]}

    def lookup(self) -> Mapping[str, Any]:
        """By the whole name, since a part of it would find others first; and never what is archived."""
        if not self.found_by:
            return {}
        found: dict[str, Any] = {name: getattr(self, name) for name in self.found_by}
        for name, value in found.items():
            exact = {"include": [value], "queryTermMatchType": "EXACT_MATCH"}
            found[name] = [value] if name.endswith("_id") else exact
        return {"profile_id": self.profile_id, **found, "state": LIVE_STATES}

    def doubt(self, answer: Any) -> str:
        """What was done stands in the list of successes, with its id."""
        name = self.new_id_at if self.does == "makes" else to_camel(self.subject)
        done = answer.get(name) if isinstance(answer, dict) else None
        if not (isinstance(done, str) and done):
            return "it is not in the list of what was done"
        return "" if not self.subject or done == getattr(self, self.subject) else "another id"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from rules.parents(parents)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from Write.warnings(self, live)


class TvArchive(Archive, TvWrite):
    """Archived by the filter that Amazon demands, which names one object."""

    def to_body(self) -> Mapping[str, Any]:
        return {f"{to_camel(self.subject)}Filter": {"include": [getattr(self, self.subject)]}}
