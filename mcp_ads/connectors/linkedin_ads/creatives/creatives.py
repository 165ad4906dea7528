"""Creatives: what a campaign shows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import NAMES, Get, LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import CURSOR, FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId, Order
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import GET, Account, Entity

from .inline import CreateInline

Intended = Literal["ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED"]
CreativeIds = Annotated[
    str | list[str],
    Urn("sponsoredCreative", "either", whole=True),
    Field(examples=["180000001"], description="One, or a list; digits or URNs."),
]
PATH = "/adAccounts/{account_id}/creatives"
LEAN = ("creative_id", "name", "campaign_id", "intendedStatus", "isServing", "review.status")
MORE = (
    *LEAN, "content", "leadgenCallToAction", "servingHoldReasons", "review.rejectionReasons", "isTest",
    "createdAt", "lastModifiedAt",
)  # fmt: skip
CREATIVE = (
    "id", "creative_id", "campaign_id", "account_id", "name", "intendedStatus", "isServing", "isTest",
    "servingHoldReasons", "review.status", "review.rejectionReasons", "campaign", "account", "content.*",
    "inlineContent.*", "leadgenCallToAction.destination", "leadgenCallToAction.label", "createdAt",
    "createdBy", "lastModifiedAt", "lastModifiedBy",
)  # fmt: skip
OF_CREATIVES = {
    "status": "intendedStatus",
    "review_status": "review.status",
    "serving": "isServing",
    "created": "createdAt",
    "updated": "lastModifiedAt",
}


class CreativeRow(LinkedinRead):
    """Creatives are named by URN; `creative_id` is its number."""

    known, alike = CREATIVE, OF_CREATIVES

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return {"creative_id": tail(record.get("id", "")), **super().to_row(record, account)}


class ListCreatives(CreativeRow):
    """List the creatives of one ad account, or of some campaigns."""

    q: Literal["criteria"] = "criteria"
    account_id: AccountId
    campaign_id: Annotated[list[str] | None, Urn("sponsoredCampaign", "list"), Field(alias="campaigns")] = (
        None
    )
    intended_statuses: list[Intended] | None = None
    content_references: Annotated[
        list[Annotated[str, Field(pattern=r"^urn:li:[A-Za-z]+:.+$")]] | None,
        Field(examples=["urn:li:share:7000000000000000001"], description="URNs of posts: urn:li:share:…."),
    ] = None
    is_test_account: bool | None = None
    sort_order: Order = None

    http = FINDER(PATH)
    pages, records, lean = replace(CURSOR, most=100), "elements", LEAN
    aliases = {**NAMES, "status": "intended_statuses", "intended_status": "intended_statuses"}

    def to_query(self) -> Mapping[str, Any]:
        return self.sent()


class GetCreative(CreativeRow, Get):
    """Read one creative, or several with a list of ids: content, review, and why it does not serve."""

    account_id: AccountId
    creative_id: CreativeIds

    http = GET(PATH + "/{creative_id}")
    subject, lean = "creative_id", MORE


creatives = Entity(
    list=ListCreatives,
    get=GetCreative,
    create_inline=CreateInline,
)
