"""The v4 entities of Sponsored Brands: four routes under one media type, ten objects and ids a request.

Source: Amazon's SponsoredBrandsV4.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.by_place import told
from mcp_ads.connectors.amazon_ads.dialect import CURSOR
from mcp_ads.connectors.amazon_ads.filters import include, listed
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.lists import ExtendedRead, StatedList
from mcp_ads.connectors.amazon_ads.ranges import BRAND_BUDGETS, BRAND_RUNS
from mcp_ads.connectors.amazon_ads.routes import Routes, routes_at
from mcp_ads.connectors.amazon_ads.sponsored_products.base import SpArchive, SpWrite
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Id, Json, States
from mcp_ads.core import Account, Context, Flow, Result
from mcp_ads.core.own_records import own_records
from mcp_ads.core.page_records import records_in
from mcp_ads.core.runs import moment
from mcp_ads.errors import NotFound, PlatformDown

MOST_IDS, TIMES = 10, ("creationDate", "lastUpdateDate")
LEGACY = "made before campaigns had several ad groups (isMultiAdGroupsEnabled is false)"
TenIds = Annotated[
    list[Id], BeforeValidator(listed), PlainSerializer(include), Field(min_length=1, max_length=MOST_IDS)
]
CampaignIds = Annotated[TenIds | None, Field(alias="campaignIdFilter", description="At most ten.")]
AdGroupIds = Annotated[TenIds | None, Field(alias="adGroupIdFilter", description="At most ten.")]


def routes(path: str, media: str) -> Routes:
    """The routes below a path, all under one media type, such as sbcampaignresource."""
    return routes_at(f"/sb/v4/{path}", f"{media}.v4")


def dated(record: Json) -> Json:
    """A record with its times as text: these lists have them in milliseconds."""
    extended = record.get("extendedData")
    if not isinstance(extended, dict):
        return record
    return {
        **record,
        "extendedData": {**extended, **{at: time_of(extended[at]) for at in TIMES if at in extended}},
    }


def time_of(epoch: Any) -> Any:
    """A time in milliseconds as text, in UTC; what is none stays."""
    found = moment(round(epoch), "UTC", last=False) if isinstance(epoch, int | float) else None
    return found.isoformat(timespec="seconds") if found else epoch


class Dated(AmazonRead):
    """A read whose records have times as text."""

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002 - the protocol's
        return dated(record)


class BrandList(Dated, StatedList, ExtendedRead):
    """Enabled and paused objects unless the call says otherwise or names what it wants by id."""

    state: States = ["ENABLED", "PAUSED"]

    pages, total = replace(CURSOR, most=100), "totalResults"


class ById(AmazonRead):
    """A list by id, ten of them a request: Sponsored Brands has no other way to read one object."""

    many, most_ids = True, MOST_IDS

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        given, own = getattr(self, self.subject), to_camel(self.subject)
        ids: list[str] = [given] if isinstance(given, str) else given
        found = dict[str, Json]()
        for start in range(0, len(ids), MOST_IDS):
            some = ids[start : start + MOST_IDS]
            answer = yield self.model_copy(update={self.subject: some}).to_request()
            rows = own_records(records_in(answer, self.records, self.total), self.subject, some, str)
            found |= {str(row.get(own)): self.to_row(row, None) for row in rows}
            if answer.get("nextToken") and not found.keys() >= {*some}:
                raise PlatformDown("the list of what was asked for by id is cut", fix="call again")
        lost = {
            at: NotFound(f"{self.subject}: no object {one}", fix=ITEM_FIXES["NOT_FOUND"])
            for at, one in enumerate(ids)
            if one not in found
        }
        if isinstance(given, str) and lost:
            raise lost[0]
        shown = [found[one] for one in ids if one in found]
        errors = [told(at, error) for at, error in lost.items()]
        return Result(shown[0] if isinstance(given, str) else shown, dict(self.told(shown)), errors)


class BrandGet(Dated, ById, ExtendedRead):
    """A list by id that has extended data where it is asked for."""


class BrandWrite(SpWrite):
    """Sends one item of the v4 shape."""

    daily, lifetime = BRAND_BUDGETS, BRAND_RUNS
    parent_fields: ClassVar[tuple[str, ...]] = (
        "name", "state", "campaignId", "isMultiAdGroupsEnabled", "smartDefault", "goal", "startDate",
        "endDate",
    )  # fmt: skip
    made_at = ("extendedData.creationDate",)
    lifts = ("", "")

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        if self.does == "makes" and parents.get("campaign_id", {}).get("isMultiAdGroupsEnabled") is False:
            named = next(iter(self.parents))
            yield f"{named}: its campaign was {LEGACY}, and Amazon adds nothing to it: make another"


class BrandArchive(SpArchive, BrandWrite):
    """Archived by a filter that names one object: an empty one would mean every object."""
