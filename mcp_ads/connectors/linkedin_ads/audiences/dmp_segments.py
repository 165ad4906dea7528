"""DMP segments: uploaded audiences, matched by LinkedIn with its members into ad segments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead, LinkedinWrite, lines_of
from mcp_ads.connectors.linkedin_ads.campaigns.accounts import GetAccount
from mcp_ads.connectors.linkedin_ads.campaigns.reads import ListCampaigns
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET, PATCH
from mcp_ads.connectors.linkedin_ads.types import AccountId, Name
from mcp_ads.connectors.linkedin_ads.urns import tail, urn
from mcp_ads.core import (
    DELETE,
    GET,
    POST,
    Account,
    Action,
    Column,
    Context,
    Delete,
    Entity,
    Flow,
    Result,
)
from mcp_ads.core.own_records import own_records
from mcp_ads.core.write import NONE
from mcp_ads.errors import NotFound

from . import rules
from .members import AddMembers, RemoveMembers

COUNTS = ("matchedCount", "audienceSize", "inputCount")
LEAN = ("id", "name", "type", "status", "audienceSize", "matchedCount", "ad_segment_id")
SEGMENT = (
    *LEAN, "account", "account_id", "accessPolicy", "description", "destinations", "inputCount",
    "sourcePlatform", "sourceSegmentId", "createdAt", "lastModifiedAt",
)  # fmt: skip
Platform = Annotated[
    str | None,
    Field(
        pattern="^[A-Z][A-Z0-9_]{1,60}$",
        description="Where members come from: API, LIST_UPLOAD, or the name LinkedIn gave the app.",
    ),
]


class SegmentRead(LinkedinRead):
    """Counts are of the last seven days (matchedCount) or rounded (audienceSize): they never add up."""

    account_id: AccountId

    lean: ClassVar[tuple[str, ...]] = LEAN
    known = SEGMENT
    alike: ClassVar[Mapping[str, str]] = {
        "size": "audienceSize",
        "matched": "matchedCount",
        "input": "inputCount",
        "destinationSegmentId": "ad_segment_id",
    }

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return rules.row(super().to_row(record, account))

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(COUNTS, Column("number"))


class ListDmpSegments(SegmentRead):
    """List the uploaded audiences of an ad account: state, size, and the ad segment that criteria target.

    BUILDING and UPDATING ones can be targeted like READY ones; they serve from 300 matched members on.
    """

    source_platform: Platform = None

    http, pages, records = FINDER("/dmpSegments"), OFFSET, "elements"
    said = "matched audiences, contact lists, company lists, audience upload, match rate"

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "account", "account": urn("sponsoredAccount", self.account_id), **self.sent()}


class GetDmpSegment(SegmentRead):
    """Read one uploaded audience: state, sizes, and the ad segment to target."""

    segment_id: rules.SegmentId

    http, subject = GET("/dmpSegments/{segment_id}"), "segment_id"
    lean, aliases = (*LEAN, "inputCount", "sourcePlatform", "description"), {"id": "segment_id"}

    def flow(self, context: Context) -> Flow:
        record = yield self.to_request()
        own_records([record], self.subject, self.segment_id, tail)
        if tail(record.get("account")) != self.account_id:
            raise NotFound(f"segment_id: {self.segment_id} is none of account {self.account_id}")
        return Result(self.to_row(record, context.account), columns=self.columns())


class CreateDmpSegment(LinkedinWrite):
    """Create an empty audience of people (USER) or companies (COMPANY); add_members fills it.

    *_LIST_UPLOAD ones are filled by a file in Campaign Manager. It serves from 300 matched members on.
    """

    name: Name
    type: Annotated[
        Literal["USER", "COMPANY", "USER_LIST_UPLOAD", "COMPANY_LIST_UPLOAD"], Field(examples=["USER"])
    ]
    description: Annotated[str | None, Field(max_length=1000)] = None
    source_platform: Platform = None
    source_segment_id: Annotated[
        str | None, Field(max_length=255, description="Its id where its members come from.")
    ] = None

    http, does = POST("/dmpSegments"), "makes"

    def to_body(self) -> Mapping[str, Any]:
        platform = rules.UPLOADED if self.type in rules.LISTS.values() else rules.STREAMED
        fixed = {"account": urn("sponsoredAccount", self.account_id), "accessPolicy": "PRIVATE"}
        given = {"sourcePlatform": platform, **self.sent()}
        return {**fixed, **given, "destinations": [{"destination": "LINKEDIN"}]}

    def asides(self, account: str) -> Mapping[str, Action]:
        return {"accounts": GetAccount(account_id=account)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return rules.unreal(live.get("accounts"))

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id}


class OneSegment(LinkedinWrite):
    """What changing a segment takes."""

    segment_id: rules.SegmentId

    subject, aliases = "segment_id", {"id": "segment_id"}


class UpdateDmpSegment(OneSegment):
    """Rename an uploaded audience, or describe it."""

    name: Name | None = None
    description: Annotated[
        str | None, Field(max_length=1000, description='Whose people they are; "none" takes it away.')
    ] = None

    cleared = ("description",)
    http, watch, sample = PATCH("/dmpSegments/{segment_id}"), ("name", "description"), {"name": "Customers"}

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.sent():
            raise ValueError("name: nothing to change; give name or description")
        return self

    def to_body(self) -> Mapping[str, Any]:
        given = self.sent()
        gone = [name for name in self.cleared if given.get(name) == NONE]
        kept = {name: value for name, value in given.items() if name not in gone}
        parts = {"$set": kept, "$delete": gone}
        return {"patch": {name: part for name, part in parts.items() if part}}


class DeleteDmpSegment(OneSegment, Delete):
    """Delete an uploaded audience with all who are in it. LinkedIn refuses while a predictive one uses it."""

    http, does = DELETE("/dmpSegments/{segment_id}"), "acts"
    watch = ("name", "type", "audienceSize", "ad_segment_id")
    irreversible = "its members are not kept anywhere: it would have to be uploaded anew"

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return "deletes it"

    def asides(self, account: str) -> Mapping[str, Action]:
        return {"campaigns": ListCampaigns(account_id=account)}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        using = rules.targeting(live.get("campaigns"), live.get("ad_segment_id"))
        return None if using is None else lines_of("campaign", using, "targets it and loses it")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield f"LinkedIn counts {live.get('audienceSize') or 'fewer than 300'} members in it"
        yield rules.used_by(live.get("campaigns"), live.get("ad_segment_id"))


dmp_segments = Entity(
    noun="segment",
    list=ListDmpSegments,
    get=GetDmpSegment,
    create=CreateDmpSegment,
    update=UpdateDmpSegment,
    delete=DeleteDmpSegment,
    add_members=AddMembers,
    remove_members=RemoveMembers,
)
